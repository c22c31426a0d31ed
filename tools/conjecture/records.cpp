#include <kernels/error.hpp>
#include <tools/conjecture/records.hpp>

#include <fmt/format.h>

namespace cosetta::conjecture {

std::string_view to_string(measure m) noexcept {
  constexpr std::string_view names[] = {"diameter", "growth", "last_layer", "moments", "order", "transitive", "girth"};
  return names[static_cast<std::size_t>(m)];
}

std::optional<measure> measure_from(std::string_view name) noexcept {
  for (const auto m : all_measures) {
    if (to_string(m) == name) return m;
  }
  return std::nullopt;
}

bool measure_set::needs_growth() const noexcept {
  return contains(measure::diameter) || contains(measure::growth) || contains(measure::last_layer) || contains(measure::moments);
}

std::string to_string(measure_set measures) {
  std::string out;
  for (const auto m : all_measures) {
    if (measures.contains(m)) out += fmt::format("{}{}", out.empty() ? "" : ",", to_string(m));
  }
  return out;
}

measure_set parse_measures(std::string_view text) {
  measure_set out;
  while (!text.empty()) {
    const auto name = text.substr(0, text.find(','));
    const auto m = measure_from(name);
    if (!m) throw parse_error(fmt::format("unknown measure '{}'; there are diameter, growth, last_layer, moments, order, transitive, girth", name));
    out.insert(*m);
    text.remove_prefix(std::min(name.size() + 1, text.size()));
  }
  return out;
}

}  // namespace cosetta::conjecture
