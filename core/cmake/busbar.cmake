# How each kind of target is made; CMake files elsewhere only name things.

set(BUSBAR_BIN ${CMAKE_BINARY_DIR}/bin)
set(BUSBAR_LIB ${CMAKE_BINARY_DIR}/lib/busbar/plugins)
set(BUSBAR_SHARE ${CMAKE_BINARY_DIR}/share/busbar)

add_library(busbar_flags INTERFACE)
target_compile_options(busbar_flags INTERFACE
  -Wall -Wextra -Wno-missing-field-initializers -Wconversion -Wshadow -Werror -fno-omit-frame-pointer)
target_compile_options(busbar_flags INTERFACE $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>)
if(BUSBAR_SANITIZE)
  target_compile_options(busbar_flags INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined)
  target_link_options(busbar_flags INTERFACE -fsanitize=address,undefined)
endif()
if(BUSBAR_COVERAGE)
  target_compile_options(busbar_flags INTERFACE --coverage)
  target_link_options(busbar_flags INTERFACE --coverage)
endif()
if(BUSBAR_FUZZ)
  target_compile_options(busbar_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined)
  target_link_options(busbar_flags INTERFACE -fsanitize=address,undefined)
endif()

# A core module: core/<name>/*.c as a static library that may use the modules named after it.
function(busbar_module name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${name}/*.c ${PROJECT_SOURCE_DIR}/core/${name}/*.cc)
  if(NOT sources)
    add_library(busbar_${name} INTERFACE)
    return()
  endif()
  add_library(busbar_${name} STATIC ${sources})
  target_include_directories(busbar_${name} PUBLIC ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/core/include)
  target_link_libraries(busbar_${name} PRIVATE busbar_flags)
  foreach(used ${ARGN})
    if(TARGET busbar_${used})
      target_link_libraries(busbar_${name} PUBLIC busbar_${used})
    else()
      target_link_libraries(busbar_${name} PUBLIC ${used})
    endif()
  endforeach()
endfunction()

# A plugin: every .c of the calling folder in <name>.so, which sees the public headers only.
function(busbar_plugin name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(${name} MODULE ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "" C_VISIBILITY_PRESET hidden
    LIBRARY_OUTPUT_DIRECTORY ${BUSBAR_LIB})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/core/include ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE busbar_flags ${ARGN})
  install(TARGETS ${name} LIBRARY DESTINATION lib/busbar/plugins)
  set_property(GLOBAL APPEND PROPERTY BUSBAR_PLUGINS ${name})
endfunction()

# Unit tests: tests/unit/<name>/*.c in one Criterion executable, linked with what follows.
# BUSBAR_TEST_DATA, BUSBAR_ROOT and BUSBAR_BUILD are defined for them.
function(busbar_unit name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/unit/${name}/*.c)
  add_executable(unit_${name} ${sources})
  set_target_properties(unit_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_include_directories(unit_${name} PRIVATE ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/core/include
    ${PROJECT_SOURCE_DIR}/tests/unit ${PROJECT_SOURCE_DIR})
  target_compile_definitions(unit_${name} PRIVATE
    BUSBAR_TEST_DATA="${PROJECT_SOURCE_DIR}/tests/data" BUSBAR_ROOT="${PROJECT_SOURCE_DIR}" BUSBAR_BUILD="${CMAKE_BINARY_DIR}")
  target_link_libraries(unit_${name} PRIVATE busbar_flags PkgConfig::criterion)
  foreach(used ${ARGN})
    if(TARGET busbar_${used})
      target_link_libraries(unit_${name} PRIVATE busbar_${used})
    else()
      target_link_libraries(unit_${name} PRIVATE ${used})
    endif()
  endforeach()
  add_test(NAME unit.${name} COMMAND unit_${name})
  set_tests_properties(unit.${name} PROPERTIES TIMEOUT 300
    FAIL_REGULAR_EXPRESSION "LeakSanitizer: detected;crashed during its setup or teardown")
endfunction()

# A program: core/<name>/*.c as bin/<name>.
function(busbar_program name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/${name}/*.c)
  add_executable(${name} ${sources})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${BUSBAR_BIN})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/core ${PROJECT_SOURCE_DIR}/core/include)
  target_link_libraries(${name} PRIVATE busbar_flags)
  foreach(used ${ARGN})
    if(TARGET busbar_${used})
      target_link_libraries(${name} PRIVATE busbar_${used})
    else()
      target_link_libraries(${name} PRIVATE ${used})
    endif()
  endforeach()
  install(TARGETS ${name} RUNTIME DESTINATION bin)
endfunction()
