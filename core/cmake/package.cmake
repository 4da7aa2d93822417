# What partners install: the public headers and the package that find_package(busbar) finds.
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/busbar-config-version.cmake COMPATIBILITY SameMajorVersion)
install(DIRECTORY core/include/busbar DESTINATION include COMPONENT dev)
install(FILES core/cmake/busbar-config.cmake ${CMAKE_BINARY_DIR}/busbar-config-version.cmake
  DESTINATION lib/cmake/busbar COMPONENT dev)
