function(run)
  execute_process(COMMAND ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${HERE}/prefix ${HERE}/partner-build)
run(${CMAKE_COMMAND} --install ${BUILD} --component dev --prefix ${HERE}/prefix)
run(${CMAKE_COMMAND} -S ${HERE}/partner -B ${HERE}/partner-build -D CMAKE_PREFIX_PATH=${HERE}/prefix
  -D CMAKE_C_COMPILER=${COMPILER} -D CMAKE_INSTALL_PREFIX=${HERE}/prefix)
run(${CMAKE_COMMAND} --build ${HERE}/partner-build)
run(${CMAKE_COMMAND} --install ${HERE}/partner-build)

# The one symbol, and nothing else of ours, is exported.
execute_process(COMMAND nm -D --defined-only ${HERE}/prefix/lib/busbar/plugins/example.so
  OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[A-Za-z_]+\n" names "${symbols}")
if(NOT names STREQUAL "bb_plugin_example\n")
  message(FATAL_ERROR "example.so exports: ${symbols}")
endif()
