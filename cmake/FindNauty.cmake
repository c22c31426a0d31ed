# nauty and Traces: imported target Nauty::nauty. Debian keeps nauty.h apart from the other headers, for it differs
# between architectures.
find_path(NAUTY_INCLUDE_DIR nauty/traces.h)
find_path(NAUTY_CONFIG_INCLUDE_DIR nauty/nauty.h)
find_library(NAUTY_LIBRARY nauty)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Nauty REQUIRED_VARS NAUTY_LIBRARY NAUTY_INCLUDE_DIR NAUTY_CONFIG_INCLUDE_DIR)
if(Nauty_FOUND AND NOT TARGET Nauty::nauty)
  add_library(Nauty::nauty INTERFACE IMPORTED)
  set_target_properties(Nauty::nauty PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${NAUTY_INCLUDE_DIR};${NAUTY_CONFIG_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${NAUTY_LIBRARY}")
endif()
mark_as_advanced(NAUTY_INCLUDE_DIR NAUTY_CONFIG_INCLUDE_DIR NAUTY_LIBRARY)
