#include <kernels/error.hpp>
#include <tools/conjecture/amounts.hpp>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include <fmt/format.h>

namespace cosetta::conjecture {

namespace {

/// Reads a number with an optional fraction at the front of `text`.
std::optional<double> take_number(std::string_view& text) {
  double value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (status != std::errc{} || !(value >= 0)) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

}  // namespace

std::size_t parse_bytes(std::string_view text) {
  std::string_view rest = text;
  const auto value = take_number(rest);
  if (rest.ends_with("iB")) rest.remove_suffix(2);
  if (rest.ends_with('B')) rest.remove_suffix(1);
  constexpr std::string_view units = "KMGT";
  double factor = 1;
  if (rest.size() == 1) {
    const auto unit = units.find(static_cast<char>(std::toupper(static_cast<unsigned char>(rest[0]))));
    if (unit != std::string_view::npos) {
      factor = std::pow(1024.0, static_cast<double>(unit + 1));
      rest.remove_prefix(1);
    }
  }
  if (!value || !rest.empty() || *value * factor >= std::ldexp(1.0, 60)) {
    throw parse_error(fmt::format("'{}' is no amount of memory: write 16G, 450M or a number of bytes", text));
  }
  return static_cast<std::size_t>(*value * factor);
}

double parse_seconds(std::string_view text) {
  std::string_view rest = text;
  double seconds = 0;
  bool good = !rest.empty();
  while (good && !rest.empty()) {
    const auto value = take_number(rest);
    const bool milli = rest.starts_with("ms");
    const char unit = rest.empty() ? 's' : rest.front();
    const double factor = milli ? 0.001 : unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : unit == 'd' ? 86400 : 0;
    good = value && factor > 0;
    if (good) seconds += *value * factor;
    rest.remove_prefix(std::min<std::size_t>(rest.size(), milli ? 2 : 1));
  }
  if (!good || seconds > 1e9) throw parse_error(fmt::format("'{}' is no duration: write 2h, 90s, 1h30m or 500ms", text));
  if (seconds < 1e-9) throw parse_error(fmt::format("'{}' leaves no time at all: write 2h, 90s, 1h30m or 500ms", text));
  return seconds;
}

}  // namespace cosetta::conjecture
