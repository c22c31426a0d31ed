// Where in a file something is wrong: the words of the readers' messages. Internal to graphs/.
#pragma once

#include <kernels/error.hpp>

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace cosetta::graphs {

/// The beginning of a text that may be long.
inline std::string excerpt(std::string_view text) {
  return std::string(text.substr(0, 40)) + (text.size() > 40 ? "..." : "");
}

/// Runs `work` and puts "FILE:LINE: " before the message of any error.
template <class Work>
auto at_line(const std::string& name, std::size_t line, const Work& work) {
  const auto place = [&](const std::exception& e) { return fmt::format("{}:{}: {}", name, line, e.what()); };
  try {
    return work();
  } catch (const domain_error& e) {
    throw domain_error(place(e));
  } catch (const parse_error& e) {
    throw parse_error(place(e));
  }
}

[[noreturn]] inline void fail_at(const std::string& name, std::size_t line, const std::string& reason) {
  throw parse_error(fmt::format("{}:{}: {}", name, line, reason));
}

}  // namespace cosetta::graphs
