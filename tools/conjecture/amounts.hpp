// "2G" and "60s", on the command line and in specifications.
#pragma once

#include <cstddef>
#include <string_view>

namespace cosetta::conjecture {

/// "16G", "450M", "65536" (bytes); powers of 1024. Throws parse_error.
std::size_t parse_bytes(std::string_view text);
/// "2h", "30s", "1h30m", "500ms". Throws parse_error.
double parse_seconds(std::string_view text);

}  // namespace cosetta::conjecture
