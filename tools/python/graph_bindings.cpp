#include <graphs/catalogue.hpp>
#include <graphs/explicit_graph.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/parse_graph.hpp>
#include <graphs/parse_state.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/amounts.hpp>
#include <tools/python/bindings.hpp>

#include <algorithm>
#include <cstring>
#include <type_traits>

#include <fmt/format.h>

namespace cosetta::python {

namespace {

using graphs::graph_definition;

// ---------------------------------------------------------------------------------------------------------------- definitions

graph_definition finished(graph_definition graph, const std::optional<std::vector<std::uint64_t>>& central, const std::string& closure) {
  if (central) graph = graph.with_central(*central);
  return closure == "inverse_closed" ? graph.with_inverses() : graph;
}

graphs::closure closure_from(const std::string& name) {
  if (name == "directed") return graphs::closure::directed;
  if (name == "inverse_closed") return graphs::closure::inverse_closed;
  return graphs::closure::as_the_format_means;
}

graph_definition parse(const std::string& text, std::optional<std::string> central, const std::string& closure, groups::point first_point, std::uint64_t seed, const limits& l) {
  auto context = context_of(l);
  long_work work(context);
  graphs::parse_options options;
  options.inverses = closure_from(closure);
  options.central = std::move(central);
  options.first_point = first_point;
  options.seed = seed;
  options.control = {context.stop, context.deadline, {}};
  return work.run([&] { return graphs::parse_graph(text, options); });
}

graph_definition from_json(const std::string& text, const std::string& name, groups::point first_point, const std::optional<std::vector<std::uint64_t>>& central, const std::string& closure) {
  return finished(graphs::read_json(text, name, first_point), central, closure);
}

graph_definition from_permutations(const std::string& name, const state_array& images, const std::vector<std::string>& names,
                                   const std::optional<std::vector<std::uint64_t>>& central, const std::string& closure) {
  const auto rows = images.unchecked<2>();
  const auto n = rows.shape(1);
  if (static_cast<std::size_t>(n) > groups::max_degree) throw domain_error(fmt::format("{}: degree {} is above the limit of {}", name, n, groups::max_degree));
  graphs::permutation_set set;
  std::vector<groups::point> row(static_cast<std::size_t>(n));
  for (py::ssize_t g = 0; g < rows.shape(0); ++g) {
    for (py::ssize_t i = 0; i < n; ++i) {
      const auto image = rows(g, i);
      if (image < 0 || image >= n) throw domain_error(fmt::format("{}: generator {}: not a permutation of {} points: {} is no point", name, names[static_cast<std::size_t>(g)], n, image));
      row[static_cast<std::size_t>(i)] = static_cast<groups::point>(image);
    }
    try {
      set.add(names[static_cast<std::size_t>(g)], groups::make_permutation(row));
    } catch (const domain_error& e) {
      throw domain_error(fmt::format("{}: generator {}: {}", name, names[static_cast<std::size_t>(g)], e.what()));
    }
  }
  return finished(graphs::make_graph(name, std::move(set)), central, closure);
}

graph_definition from_matrices(const std::string& name, const state_array& entries, std::uint64_t modulus, const std::vector<std::string>& names,
                               const std::optional<std::vector<std::int64_t>>& central, const std::string& closure) {
  const auto rows = static_cast<std::size_t>(entries.shape(1)), columns = static_cast<std::size_t>(entries.shape(2));
  graphs::matrix_set set;
  for (std::size_t g = 0; g < names.size(); ++g) {
    set.add(names[g], groups::make_matrix(rows, columns, modulus, std::span(entries.data() + g * rows * columns, rows * columns)));
  }
  graphs::state state;
  if (central) {
    if (rows == 0 || central->size() % rows != 0) throw domain_error(fmt::format("{}: central_state has {} entries, the generators have {} rows", name, central->size(), rows));
    const auto matrix = groups::make_matrix(rows, central->size() / rows, modulus, *central);
    state.assign(matrix.entries().begin(), matrix.entries().end());
  }
  return finished(graphs::make_graph(name, std::move(set), std::move(state)), {}, closure);
}

py::array generators_of(const graph_definition& graph) {
  std::vector<std::uint64_t> out;
  const auto n = static_cast<py::ssize_t>(graph.degree()), count = static_cast<py::ssize_t>(graph.generator_count());
  if (const auto* set = graph.permutations()) {
    for (const auto& p : set->elements()) {
      for (std::size_t i = 0; i < graph.degree(); ++i) out.push_back(p[i]);
    }
    return owning_array<std::int64_t>(std::move(out), {count, n});
  }
  for (const auto& m : graph.matrices()->elements()) out.insert(out.end(), m.entries().begin(), m.entries().end());
  return owning_array<std::int64_t>(std::move(out), {count, n, n});
}

// --------------------------------------------------------------------------------------------------------------------- states

/// Without the lock; what may take long (rows of `moves` moves each) looks for Ctrl-C in addition, which costs a small call some system calls.
template <class Work>
void row_by_row(std::size_t rows, std::size_t moves, search::run_context& context, const Work& work) {
  constexpr std::size_t few = 1024;
  const auto all = [&] {
    for (std::size_t r = 0; r < rows; ++r) {
      if (r % few == few - 1) context.check();
      work(r);
    }
    return true;
  };
  if (rows <= few && rows * std::min(moves, few) <= few) {
    without_lock(all);
  } else {
    long_work(context).run(all);
  }
}

/// out[r, g, i] = in[r, p_g[i]] for labels of any width.
template <class Label>
void gather(const std::vector<std::vector<groups::point>>& moves, const Label* first, std::size_t count, std::size_t n, Label* to) {
  search::run_context context;
  row_by_row(count, moves.size(), context, [&](std::size_t r) {
    const auto* in = first + r * n;
    auto* out = to + r * n * moves.size();
    for (const auto& p : moves) {
      for (std::size_t i = 0; i < n; ++i) *out++ = in[p[i]];
    }
  });
}

/// (k, n) to (k, |S|, n), of the same type. Precondition: contiguous rows of integers, of matrices of 64 bits.
py::array neighbors(const graph_definition& graph, const py::array& states) {
  const auto n = graph.central().size(), generators = graph.generator_count();
  const auto count = static_cast<std::size_t>(states.shape(0));
  py::array out(states.dtype(), std::vector<py::ssize_t>{states.shape(0), static_cast<py::ssize_t>(generators), static_cast<py::ssize_t>(n)});
  const void* from = states.data();
  void* to = out.mutable_data();
  const auto* set = graph.permutations();
  const auto width = states.itemsize();
  if (set == nullptr) {
    search::run_context context;
    row_by_row(count, generators, context, [&](std::size_t r) {
      const auto* in = static_cast<const std::uint64_t*>(from) + r * n;
      auto* next = static_cast<std::uint64_t*>(to) + r * n * generators;
      const graphs::state s(in, in + n);
      for (std::size_t g = 0; g < generators; ++g, next += n) std::ranges::copy(graph.apply(g, s), next);
    });
    return out;
  }
  std::vector<std::vector<groups::point>> moves;
  for (const auto& p : set->elements()) moves.push_back(p.images());
  const auto all = [&]<class Label>(Label) { gather(moves, static_cast<const Label*>(from), count, n, static_cast<Label*>(to)); };
  if (width == 1) all(std::uint8_t{});
  if (width == 2) all(std::uint16_t{});
  if (width == 4) all(std::uint32_t{});
  if (width == 8) all(std::uint64_t{});
  return out;
}

/// The states that a word leads to. Precondition: letters below the number of generators.
py::array apply(const graph_definition& graph, const state_array& states, const std::vector<std::size_t>& word) {
  const auto width = graph.central().size();
  const auto count = static_cast<std::size_t>(states.size()) / width;
  std::vector<std::uint64_t> out(count * width);
  const auto* in = reinterpret_cast<const std::uint64_t*>(states.data());
  constexpr std::size_t stride = 4096;  // letters between two looks for Ctrl-C
  search::run_context context;
  const auto one = [&](std::size_t r) {
    graphs::state s(in + r * width, in + (r + 1) * width);
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (i % stride == stride - 1) context.check();
      s = graph.apply(word[i], s);
    }
    std::ranges::copy(s, out.begin() + static_cast<std::ptrdiff_t>(r * width));
  };
  row_by_row(count, word.size(), context, one);
  return owning_array<std::int64_t>(std::move(out), shape_of_states(graph, count));
}

/// Numbers of generators. Throws parse_error, domain_error: an inverse that is no generator.
std::vector<std::size_t> word_from(const graph_definition& graph, const std::string& text) {
  std::vector<std::size_t> out;
  const auto inverses = std::visit([](const auto& set) { return set.inverse_indices(); }, graph.generators());
  for (const auto letter : groups::parse_word(text, graph.names())) {
    const auto g = static_cast<std::size_t>(std::abs(letter) - 1);
    if (letter < 0 && !inverses[g]) throw domain_error(fmt::format("{}: the inverse of '{}' is no generator", graph.spec(), graph.names()[g]));
    out.push_back(letter > 0 ? g : *inverses[g]);
  }
  return out;
}

py::dict written_out(const graph_definition& graph, std::size_t max_vertices) {
  search::run_context context;
  long_work work(context);
  auto made = work.run([&] { return graphs::make_explicit(graph, std::min<std::size_t>(max_vertices, 0x7fffffff), [&] { context.check(); }); });
  const auto count = static_cast<py::ssize_t>(made.vertices.size());
  py::dict out;
  out["vertices"] = array_of_states(graph, made.vertices);
  out["distance"] = owning_array<std::int32_t>(std::move(made.distance), {count});
  out["targets"] = owning_array<std::int32_t>(std::move(made.targets), {count, static_cast<py::ssize_t>(graph.generator_count())});
  return out;
}

std::vector<py::tuple> families() {
  std::vector<py::tuple> out;
  for (const auto& family : graphs::catalogue()) {
    std::vector<py::tuple> parameters;
    for (const auto& p : family.parameters) parameters.push_back(py::make_tuple(p.name, p.meaning, p.fallback.index() == 0));
    out.push_back(py::make_tuple(family.name, family.aliases, parameters, family.definition, family.example));
  }
  return out;
}

}  // namespace

void add_graphs(py::module_& m) {
  py::class_<graph_definition>(m, "Graph")
      .def_static("parse", &parse)
      .def_static("from_json", &from_json)
      .def_static("from_permutations", &from_permutations)
      .def_static("from_matrices", &from_matrices)
      .def_property_readonly("spec", &graph_definition::spec)
      .def_property_readonly("names", &graph_definition::names)
      .def_property_readonly("degree", &graph_definition::degree)
      .def_property_readonly("columns", &graph_definition::columns)
      .def_property_readonly("modulus", &graph_definition::modulus)
      .def_property_readonly("is_cayley", &graph_definition::is_cayley)
      .def_property_readonly("is_matrix", [](const graph_definition& g) { return g.matrices() != nullptr; })
      .def_property_readonly("inverse_closed", &graph_definition::is_inverse_closed)
      .def_property_readonly("known_diameter", [](const graph_definition& g) -> py::object { return g.known().diameter ? py::object(integer(*g.known().diameter)) : py::none(); })
      .def_property_readonly("known_states", [](const graph_definition& g) -> py::object { return g.known().vertices ? py::object(integer(*g.known().vertices)) : py::none(); })
      .def("central", [](const graph_definition& g) { return array_of_state(g, g.central()); })
      .def("generators", &generators_of)
      .def("with_central", [](const graph_definition& g, std::vector<std::uint64_t> central) { return g.with_central(std::move(central)); })
      .def("with_inverses", [](const graph_definition& g) { return g.with_inverses(); })
      .def("inverses", [](const graph_definition& g) { return std::visit([](const auto& set) { return set.inverse_indices(); }, g.generators()); })
      .def("state", [](const graph_definition& g, const std::string& text, groups::point first) { return array_of_state(g, graphs::parse_state(g, text, first)); })
      .def("state_text", [](const graph_definition& g, const state_array& s) { return graphs::to_string(g, states_from(g, s).at(0)); })
      .def("word", &word_from)
      .def("word_text", [](const graph_definition& g, const groups::word& letters) { return groups::to_string(letters, g.names()); })
      .def("neighbors", &neighbors)
      .def("apply", &apply)
      .def("written_out", &written_out);
  m.def("families", &families);
  m.def("parse_pattern", [](const std::string& text) { return graphs::parse_pattern(text); });
  m.def("parse_bytes", [](const std::string& text) { return conjecture::parse_bytes(text); });
  m.def("parse_seconds", [](const std::string& text) { return conjecture::parse_seconds(text); });
}

}  // namespace cosetta::python
