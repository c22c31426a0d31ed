#include <graphs/graph_definition.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

namespace cosetta::graphs {

namespace {

bool all_distinct(state labels) {
  std::sort(labels.begin(), labels.end());
  return std::adjacent_find(labels.begin(), labels.end()) == labels.end();
}

bool is_invertible(const groups::matrix& a) {
  try {
    static_cast<void>(a.inverse());
    return true;
  } catch (const domain_error&) {
    return false;
  }
}

/// True when only the identity of the group fixes the central state.
bool has_trivial_stabilizer(const std::variant<permutation_set, matrix_set>& generators, const state& central) {
  if (std::holds_alternative<permutation_set>(generators)) return all_distinct(central);
  const auto& first = std::get<matrix_set>(generators)[0];
  const std::size_t columns = central.size() / first.rows();
  return columns == first.rows() && is_invertible({first.rows(), columns, first.modulus(), central});
}

void check_matrix_central(const std::string& spec, const groups::matrix& generator, const state& central) {
  if (central.empty() || central.size() % generator.rows() != 0) {
    throw domain_error(fmt::format("{}: a central state of {} entries does not fill columns of {} rows", spec,
                                   central.size(), generator.rows()));
  }
  const std::uint64_t m = generator.modulus();
  if (m != 0 && std::any_of(central.begin(), central.end(), [m](std::uint64_t entry) { return entry >= m; })) {
    throw domain_error(fmt::format("{}: a central entry is not reduced modulo {}", spec, m));
  }
}

void check_pattern(const std::string& spec, std::size_t degree, const state& central) {
  if (central.size() != degree) {
    throw domain_error(
        fmt::format("{}: the central state has {} labels, the degree is {}", spec, central.size(), degree));
  }
}

/// One name for two different elements would make words ambiguous.
template <class Set>
void check_names(const std::string& spec, const Set& generators) {
  std::unordered_map<std::string_view, std::size_t> first;
  for (std::size_t i = 0; i < generators.size(); ++i) {
    const auto [found, fresh] = first.emplace(generators.names()[i], i);
    if (!fresh && generators[found->second] != generators[i]) {
      throw domain_error(fmt::format("{}: two different generators are called '{}'", spec, generators.names()[i]));
    }
  }
}

}  // namespace

graph_definition::graph_definition(std::string spec, std::variant<permutation_set, matrix_set> generators,
                                   state central)
    : spec_(std::move(spec)),
      generators_(std::move(generators)),
      central_(std::move(central)),
      cayley_(has_trivial_stabilizer(generators_, central_)),
      inverse_closed_(std::visit([](const auto& set) { return set.is_inverse_closed(); }, generators_)) {}

const std::vector<std::string>& graph_definition::names() const {
  return std::visit([](const auto& set) -> const std::vector<std::string>& { return set.names(); }, generators_);
}

std::size_t graph_definition::degree() const {
  if (const auto* set = permutations()) return (*set)[0].degree();
  return (*matrices())[0].rows();
}

std::uint64_t graph_definition::modulus() const {
  const auto* set = matrices();
  return set == nullptr ? 0 : (*set)[0].modulus();
}

state graph_definition::apply(std::size_t generator, const state& from) const {
  if (const auto* set = permutations()) {
    const auto& p = (*set)[generator];
    state to(from.size());
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = from[p[i]];
    return to;
  }
  const auto& g = (*matrices())[generator];
  const auto product = g * groups::matrix(g.rows(), columns(), g.modulus(), from);
  return {product.entries().begin(), product.entries().end()};
}

graph_definition graph_definition::with_central(state central) const {
  if (permutations() != nullptr) {
    check_pattern(spec_, degree(), central);
  } else {
    check_matrix_central(spec_, (*matrices())[0], central);
  }
  return {spec_, generators_, std::move(central)};
}

graph_definition graph_definition::with_inverses(groups::inverse_mark mark) const {
  if (inverse_closed_) return *this;
  graph_definition closed = *this;
  std::visit([&](auto& set) { set = set.inverse_closure(mark); }, closed.generators_);
  closed.inverse_closed_ = true;
  closed.known_.diameter.reset();  // a finite group is generated as a monoid already: only distances change
  return closed;
}

graph_definition make_graph(std::string spec, permutation_set generators, state central) {
  if (generators.empty()) throw domain_error(spec + ": no generators");
  const std::size_t degree = generators[0].degree();
  if (degree == 0) throw domain_error(spec + ": generators of degree 0");
  for (std::size_t i = 0; i < generators.size(); ++i) {
    if (generators[i].degree() != degree) {
      throw domain_error(fmt::format("{}: generator {} has degree {}, {} has {}", spec, generators.names()[i],
                                     generators[i].degree(), generators.names()[0], degree));
    }
  }
  check_names(spec, generators);
  if (central.empty()) {
    central.resize(degree);
    std::iota(central.begin(), central.end(), std::uint64_t{0});
  }
  check_pattern(spec, degree, central);
  return {std::move(spec), std::move(generators), std::move(central)};
}

graph_definition make_graph(std::string spec, matrix_set generators, state central) {
  if (generators.empty()) throw domain_error(spec + ": no generators");
  const auto& first = generators[0];
  for (std::size_t i = 0; i < generators.size(); ++i) {
    const auto& g = generators[i];
    if (g.rows() != g.columns()) {
      throw domain_error(fmt::format("{}: generator {} is {} x {}: it has to be square", spec, generators.names()[i],
                                     g.rows(), g.columns()));
    }
    if (g.rows() != first.rows() || g.modulus() != first.modulus()) {
      throw domain_error(fmt::format("{}: generator {} is {} x {} modulo {}, {} is {} x {} modulo {}", spec,
                                     generators.names()[i], g.rows(), g.columns(), g.modulus(), generators.names()[0],
                                     first.rows(), first.columns(), first.modulus()));
    }
    try {
      static_cast<void>(g.inverse());
    } catch (const domain_error& e) {
      throw domain_error(fmt::format("{}: generator {}: {}", spec, generators.names()[i], e.what()));
    }
  }
  check_names(spec, generators);
  if (central.empty()) {
    const auto one = groups::matrix::identity(first.rows(), first.modulus());
    central.assign(one.entries().begin(), one.entries().end());
  }
  check_matrix_central(spec, first, central);
  return {std::move(spec), std::move(generators), std::move(central)};
}

state parse_pattern(std::string_view text) {
  constexpr std::string_view blanks = " \t[]";
  const auto fail = [&](std::size_t position) {
    return parse_error(
        fmt::format("central state '{}': unexpected character at position {}; write 000111 or 0,0,0,1,1,1",
                    text.substr(0, 60), position + 1));
  };
  state labels;
  const bool separated = text.find(',') != std::string_view::npos;
  bool expect_number = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (blanks.find(text[i]) != std::string_view::npos) continue;
    if (separated && text[i] == ',') {
      if (expect_number) throw fail(i);
      expect_number = true;
      continue;
    }
    if (text[i] < '0' || text[i] > '9' || (separated && !expect_number)) throw fail(i);
    std::uint64_t value = 0;
    do {
      const auto digit = static_cast<std::uint64_t>(text[i] - '0');
      if (value > (groups::max_modulus - digit) / 10) throw fail(i);
      value = value * 10 + digit;
    } while (separated && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9' && ++i > 0);
    labels.push_back(value);
    expect_number = false;
  }
  if (labels.empty() || (separated && expect_number)) throw fail(text.size());
  return labels;
}

std::string to_string(const graph_definition& graph, const state& s, groups::point first_point) {
  if (graph.matrices() != nullptr) {
    return groups::to_string(groups::matrix(graph.degree(), graph.columns(), graph.modulus(), s));
  }
  // Labels are points only around the identity; elsewhere they are names and stay as they are.
  bool points = true;
  for (std::size_t i = 0; i < graph.central().size(); ++i) points = points && graph.central()[i] == i;
  const std::uint64_t shift = points ? first_point : 0;
  std::string out = "[";
  for (std::size_t i = 0; i < s.size(); ++i) {
    fmt::format_to(std::back_inserter(out), "{}{}", i == 0 ? "" : ",", s[i] + shift);
  }
  return out + "]";
}

}  // namespace cosetta::graphs
