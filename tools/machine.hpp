// What the machine that this runs on has for it.
#pragma once

#include <cstddef>

namespace cosetta::tools {

/// Cores that this process may use.
unsigned available_cores();

/// Three quarters of what the machine, or the control group, has free.
std::size_t default_memory();

}  // namespace cosetta::tools
