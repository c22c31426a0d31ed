# `cmake --install` puts the libraries, their headers, the program and a package file: find_package(cosetta).
include(CMakePackageConfigHelpers)

foreach(room kernels groups graphs search tools/conjecture tools/figures tools/report)
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/${room}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/cosetta/${room}
    FILES_MATCHING PATTERN "*.hpp" PATTERN "cpu" EXCLUDE)
endforeach()
install(EXPORT cosetta_targets FILE cosettaTargets.cmake NAMESPACE cosetta:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cosetta)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/cosettaConfig.cmake.in
  ${PROJECT_BINARY_DIR}/cosettaConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cosetta)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cosettaConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cosettaConfig.cmake ${PROJECT_BINARY_DIR}/cosettaConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/cmake/FindGMP.cmake ${PROJECT_SOURCE_DIR}/cmake/FindNauty.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cosetta)
