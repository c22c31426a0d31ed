#include <graphs/catalogue.hpp>
#include <graphs/catalogue_sections.hpp>
#include <graphs/puzzle_geometry.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::graphs {

namespace {

/// Fixed names of CayleyPy and of its published tables.
struct fixed_alias {
  std::string_view name;
  std::string_view spec;
};
constexpr fixed_alias fixed_aliases[] = {
    {"cube_2/2/2_6gensQTM", "rubik_cube:2,metric=fixed_QTM"},
    {"cube_2/2/2_9gensHTM", "rubik_cube:2,metric=fixed_HTM"},
    {"cube_3/3/3_12gensQTM", "rubik_cube:3,metric=QTM"},
    {"cube_3/3/3_18gensHTM", "rubik_cube:3,metric=HTM"},
    {"cube_222_fixed_qtm", "rubik_cube:2,metric=fixed_QTM"},
    {"cube_222_fixed_htm", "rubik_cube:2,metric=fixed_HTM"},
    {"cube_222_qtm", "rubik_cube:2,metric=QTM"},
    {"cube_222_htm", "rubik_cube:2,metric=HTM"},
    {"cube_222_qstm", "rubik_cube:2,metric=QSTM"},
    {"cube_222_atm", "rubik_cube:2,metric=ATM"},
    {"cube_333_qtm", "rubik_cube:3,metric=QTM"},
    {"cube_333_htm", "rubik_cube:3,metric=HTM"},
};

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (;;) {
    const auto at = text.find(separator);
    parts.emplace_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string usage(const family& f) {
  std::string out = f.name;
  for (std::size_t i = 0; i < f.parameters.size(); ++i) {
    const auto& p = f.parameters[i];
    out += i == 0 ? ':' : ',';
    if (p.fallback.index() == 0) {
      out += p.name + (p.type == parameter::kind::list ? ",..." : "");
    } else {
      const auto& value = std::get<argument>(p.fallback);
      out += fmt::format("{}={}", p.name,
                         p.type == parameter::kind::integer ? std::to_string(std::get<std::int64_t>(value))
                         : p.type == parameter::kind::flag  ? (std::get<bool>(value) ? "true" : "false")
                                                            : std::get<std::string>(value));
    }
  }
  return out;
}

argument read_argument(const family& f, const parameter& p, const std::string& text, std::string_view spec) {
  const auto fail = [&](std::string_view wanted) {
    return parse_error(fmt::format("{}: {} is '{}', expected {}; usage: {}", spec, p.name, text, wanted, usage(f)));
  };
  switch (p.type) {
    case parameter::kind::integer: {
      std::int64_t value = 0;
      const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
      if (text.empty() || status != std::errc{} || end != text.data() + text.size()) throw fail("an integer");
      if (value < p.least) {
        throw domain_error(
            fmt::format("{}: {} = {} is too small, it must be at least {}", spec, p.name, value, p.least));
      }
      if (value > p.most)
        throw domain_error(fmt::format("{}: {} = {} is above the limit of {}", spec, p.name, value, p.most));
      return value;
    }
    case parameter::kind::flag:
      if (text == "true" || text == "1" || text == "yes") return true;
      if (text == "false" || text == "0" || text == "no") return false;
      throw fail("true or false");
    case parameter::kind::text:
    case parameter::kind::list:
      if (text.empty()) throw fail("a value");
      return text;
  }
  return {};
}

/// Positional and named arguments of `text`, in the order of the parameters; a seed that is not given is `seed`.
std::vector<argument> read_arguments(const family& f, std::string_view text, std::string_view spec,
                                     std::uint64_t seed) {
  std::vector<std::optional<argument>> given(f.parameters.size());
  std::size_t position = 0;
  bool named_seen = false;
  for (const auto& part : text.empty() ? std::vector<std::string>{} : split(text, ',')) {
    const auto equals = part.find('=');
    std::size_t index = position;
    if (equals != std::string::npos) {
      named_seen = true;
      const std::string name = part.substr(0, equals);
      const auto found =
          std::find_if(f.parameters.begin(), f.parameters.end(), [&](const auto& p) { return p.name == name; });
      if (found == f.parameters.end()) {
        throw parse_error(fmt::format("{}: no parameter '{}'; usage: {}", spec, name, usage(f)));
      }
      index = static_cast<std::size_t>(found - f.parameters.begin());
    } else if (named_seen) {
      throw parse_error(fmt::format("{}: '{}' comes after a named argument; usage: {}", spec, part, usage(f)));
    } else if (index >= f.parameters.size()) {
      throw parse_error(fmt::format("{}: too many arguments; usage: {}", spec, usage(f)));
    }
    const auto& p = f.parameters[index];
    const std::string value = equals == std::string::npos ? part : part.substr(equals + 1);
    const bool extends = p.type == parameter::kind::list && given[index];
    if (given[index] && !extends) throw parse_error(fmt::format("{}: {} is given twice", spec, p.name));
    auto read = read_argument(f, p, value, spec);
    given[index] =
        extends ? argument(std::get<std::string>(*given[index]) + "," + std::get<std::string>(read)) : std::move(read);
    if (equals == std::string::npos && p.type != parameter::kind::list) ++position;
  }
  std::vector<argument> values;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto& p = f.parameters[i];
    if (!given[i] && p.fallback.index() == 0) {
      throw parse_error(fmt::format("{}: {} is missing; usage: {}", spec, p.name, usage(f)));
    }
    if (!given[i] && p.name == "seed") given[i] = static_cast<std::int64_t>(seed & static_cast<std::uint64_t>(p.most));
    values.push_back(given[i] ? std::move(*given[i]) : std::get<argument>(p.fallback));
  }
  return values;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row[b.size()];
}

bool is_puzzle(std::string_view name) {
  const auto known = known_puzzles();
  return std::any_of(known.begin(), known.end(), [&](const auto& p) { return p.name == name; });
}

graph_definition make_puzzle_graph(const std::string& name) {
  if (!is_puzzle(name)) {
    std::vector<std::string> names;
    for (const auto& p : known_puzzles()) names.emplace_back(p.name);
    throw parse_error(
        fmt::format("unknown puzzle '{}'; nearest: {}", name, fmt::join(nearest_names(name, names), ", ")));
  }
  const auto puzzle = make_puzzle(name);
  permutation_set set;
  for (std::size_t i = 0; i < puzzle.moves.size(); ++i)
    set.add(puzzle.names[i], groups::make_permutation(puzzle.moves[i]));
  return make_graph("puzzle:" + name, set.inverse_closure(), {puzzle.colours.begin(), puzzle.colours.end()});
}

void append_markdown(std::string& out, const family& f) {
  out += fmt::format("### `{}`\n\n{}\n\n", usage(f), f.definition);
  for (const auto& p : f.parameters) {
    out += fmt::format("- `{}`: {}", p.name, p.meaning);
    if (p.type == parameter::kind::integer && p.fallback.index() == 0) out += fmt::format(" (at least {})", p.least);
    out += "\n";
  }
  const auto line = [&](std::string_view title, std::string_view text) {
    if (!text.empty()) out += fmt::format("- {}: {}\n", title, text);
  };
  line("generators", f.generators);
  line("group", f.group);
  line("known", f.formulas);
  if (!f.aliases.empty()) out += fmt::format("- also accepted: `{}`\n", fmt::join(f.aliases, "`, `"));
  out += fmt::format("- example: `cosetta growth {}`\n\n", f.example);
}

}  // namespace

void arguments::require(bool condition, std::string_view message) const {
  if (!condition) throw domain_error(fmt::format("{}: {}", spec_, message));
}

std::string arguments::canonical() const {
  std::string out;
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const auto& p = parameters_[i];
    const bool optional = p.fallback.index() == 1 && i > 0;  // the first one is always written, by position
    if (optional && std::get<argument>(p.fallback) == values_[i]) continue;
    if (!out.empty()) out += ',';
    if (optional) out += p.name + "=";
    out += std::visit(
        [](const auto& value) -> std::string {
          using type = std::decay_t<decltype(value)>;
          if constexpr (std::is_same_v<type, bool>) return value ? "true" : "false";
          if constexpr (std::is_same_v<type, std::string>) return value;
          if constexpr (std::is_same_v<type, std::int64_t>) return std::to_string(value);
        },
        values_[i]);
  }
  return out;
}

parameter required_integer(std::string name, std::int64_t least, std::string meaning) {
  return {std::move(name), std::move(meaning), std::monostate{}, least, parameter::kind::integer};
}
parameter optional_integer(std::string name, std::int64_t fallback, std::int64_t least, std::string meaning) {
  return {std::move(name), std::move(meaning), argument(fallback), least, parameter::kind::integer};
}
parameter optional_flag(std::string name, bool fallback, std::string meaning) {
  return {std::move(name), std::move(meaning), argument(fallback), 0, parameter::kind::flag};
}
parameter optional_text(std::string name, std::string fallback, std::string meaning) {
  return {std::move(name), std::move(meaning), argument(std::move(fallback)), 0, parameter::kind::text};
}
parameter unlimited(parameter p) {
  p.most = std::numeric_limits<std::int64_t>::max();
  return p;
}
parameter argument_list(std::string name, std::string meaning) {
  return {std::move(name), std::move(meaning), std::monostate{}, 0, parameter::kind::list};
}

std::span<const family> catalogue() {
  static const std::vector<family> all = [] {
    auto families = permutation_families();
    for (auto&& part : {standard_group_families(), matrix_families(), puzzle_families()})
      families.insert(families.end(), part.begin(), part.end());
    return families;
  }();
  return all;
}

const family* find_family(std::string_view name) {
  for (const auto& f : catalogue()) {
    if (f.name == name || std::find(f.aliases.begin(), f.aliases.end(), name) != f.aliases.end()) return &f;
  }
  return nullptr;
}

std::vector<std::string> catalogue_names() {
  std::vector<std::string> names;
  for (const auto& f : catalogue()) {
    names.push_back(f.name);
    names.insert(names.end(), f.aliases.begin(), f.aliases.end());
  }
  for (const auto& alias : fixed_aliases) names.emplace_back(alias.name);
  for (const auto& puzzle : known_puzzles()) names.push_back("puzzle:" + std::string(puzzle.name));
  return names;
}

std::vector<std::string> nearest_names(std::string_view name, std::span<const std::string> known, std::size_t count) {
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const auto& candidate : known) ranked.emplace_back(edit_distance(name.substr(0, 64), candidate), candidate);
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> out;
  for (const auto& [distance, candidate] : ranked) {
    if (out.size() == count) break;
    if (std::find(out.begin(), out.end(), candidate) == out.end()) out.push_back(candidate);
  }
  return out;
}

graph_definition make_catalogue_graph(std::string_view spec, std::uint64_t seed) {
  for (const auto& alias : fixed_aliases) {
    if (alias.name == spec) return make_catalogue_graph(alias.spec, seed);
  }
  const auto colon = spec.find(':');
  const std::string_view name = spec.substr(0, colon);
  std::string_view text = colon == std::string_view::npos ? std::string_view{} : spec.substr(colon + 1);
  if (name == "puzzle") return make_puzzle_graph(std::string(text));
  const family* f = find_family(name);
  if (f == nullptr && is_puzzle(spec)) return make_puzzle_graph(std::string(spec));  // CayleyPy's bare names
  if (f == nullptr && colon == std::string_view::npos) {  // CayleyPy's graph names: lrx-12, top_spin-12-4
    for (auto dash = spec.find('-'); f == nullptr && dash != std::string_view::npos; dash = spec.find('-', dash + 1)) {
      f = find_family(spec.substr(0, dash));
      text = spec.substr(dash + 1);
    }
  }
  const bool dashed = f != nullptr && colon == std::string_view::npos && !text.empty();
  if (f == nullptr) {
    throw parse_error(fmt::format("unknown graph '{}'; nearest: {} (cosetta graph list shows all)", spec.substr(0, 80),
                                  fmt::join(nearest_names(name, catalogue_names()), ", ")));
  }
  std::string argument_text(text);
  if (dashed) std::replace(argument_text.begin(), argument_text.end(), '-', ',');
  auto values = read_arguments(*f, argument_text, spec, seed);
  const arguments given(std::string(spec), f->parameters, std::move(values));
  const std::string canonical = given.canonical();
  graph_builder builder(canonical.empty() ? f->name : f->name + ":" + canonical);
  f->build(given, builder);
  auto graph = std::move(builder).finish();
  if (f->known) graph.set_known(f->known(given));
  return graph;
}

std::string catalogue_markdown() {
  std::string out =
      "# The catalogue\n\nGenerated by `cosetta graph list --format markdown`; a test keeps it so.\n\n"
      "Points count from 0; `(a b c)` sends a to b, b to c, c to a; a state is moved by `new[i] = old[p[i]]`, a "
      "matrix\n"
      "state by `G * S`. `L` is the array 1, 2, ..., n-1, 0 and `R` its inverse; `rho_m` reverses the first m "
      "positions.\n"
      "Arguments go by position or by name. The central state is the identity unless a line says otherwise.\n\n";
  std::optional<section> current;
  for (const auto& f : catalogue()) {
    if (current != f.part) {
      current = f.part;
      out += f.part == section::permutations ? "## Permutation groups\n\n"
             : f.part == section::matrices   ? "## Matrix groups\n\n"
                                             : "## Puzzles\n\n";
    }
    append_markdown(out, f);
  }
  out +=
      "### `puzzle:NAME`\n\nPuzzles cut from a solid by planes; one rotation a grip, and its inverse. Labels of the "
      "central state tell\n"
      "apart what can be told apart by eye.\n\n| name | geometry |\n| --- | --- |\n";
  for (const auto& p : known_puzzles()) {
    out += fmt::format("| `{}` | {}{}{} |\n", p.name, p.shape_and_cuts, p.remark.empty() ? "" : "; ", p.remark);
  }
  return out;
}

}  // namespace cosetta::graphs
