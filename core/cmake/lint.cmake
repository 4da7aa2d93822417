# `cmake --build --preset debug --target lint`: layout by .clang-format, then .clang-tidy over the core and the
# plugins. Takes minutes, so it is no part of ./check.
find_program(BUSBAR_CLANG_FORMAT NAMES clang-format clang-format-14)
find_program(BUSBAR_RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
if(BUSBAR_CLANG_FORMAT AND BUSBAR_RUN_CLANG_TIDY)
  file(GLOB_RECURSE busbar_c CONFIGURE_DEPENDS core/*.[ch] plugins/*.[ch] tests/*.[ch])
  add_custom_target(lint
    COMMAND ${BUSBAR_CLANG_FORMAT} --dry-run -Werror ${busbar_c}
    COMMAND ${BUSBAR_RUN_CLANG_TIDY} -quiet -p ${CMAKE_BINARY_DIR} "^${PROJECT_SOURCE_DIR}/(core|plugins)/"
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    USES_TERMINAL VERBATIM)
endif()
