// The verb `verify groups`.
#pragma once

#include <tools/invocation.hpp>

namespace cosetta::tools {

void add_verify_groups(CLI::App& noun, invocation& call);

}  // namespace cosetta::tools
