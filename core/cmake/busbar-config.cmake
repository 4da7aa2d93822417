# find_package(busbar): the contract with plugins, as busbar::plugin, and what makes one.
add_library(busbar::plugin INTERFACE IMPORTED)
get_filename_component(busbar_prefix ${CMAKE_CURRENT_LIST_DIR}/../../.. ABSOLUTE)
set_target_properties(busbar::plugin PROPERTIES INTERFACE_INCLUDE_DIRECTORIES ${busbar_prefix}/include)

# Every .c of the calling folder in <name>.so, which is linked with the libraries that follow.
function(busbar_plugin name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_library(${name} MODULE ${sources})
  set_target_properties(${name} PROPERTIES PREFIX "" C_STANDARD 17 C_VISIBILITY_PRESET hidden)
  target_link_libraries(${name} PRIVATE busbar::plugin ${ARGN})
  install(TARGETS ${name} LIBRARY DESTINATION lib/busbar/plugins)
endfunction()
