#include <kernels/error.hpp>
#include <search/beam.hpp>
#include <search/distance_table.hpp>
#include <search/network.hpp>
#include <search/parallel_tasks.hpp>
#include <search/path.hpp>
#include <search/path_patterns.hpp>
#include <search/solve.hpp>
#include <search/walks.hpp>
#include <tools/python/bindings.hpp>
#include <tools/python/engine_options.hpp>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>

#include <fmt/format.h>

namespace cosetta::python {

namespace {

using graphs::graph_definition;

py::object limit_text(search::limit l) { return l == search::limit::none ? py::object(py::none()) : py::cast(search::to_string(l)); }

py::array word_array(std::vector<std::size_t> word) {
  const auto length = static_cast<py::ssize_t>(word.size());
  return owning_array<std::int64_t>(std::move(word), {length});
}

// ---------------------------------------------------------------------------------------------------------------------- path

/// The pattern tables of a graph, kept from call to call. One call at a time has them; another makes its own.
struct path_tables {
  std::atomic_flag in_use;  // no mutex: a call within the progress of another one is on the same thread
  search::prepared_patterns patterns;
};

py::dict path(const graph_definition& graph, const state_array& from, const std::optional<state_array>& to, const std::string& method, std::optional<std::uint64_t> max_depth,
              const std::string& distances, std::size_t table_bytes, const std::shared_ptr<path_tables>& tables, const limits& l, const py::object& progress) {
  search::path_options options;
  const auto chosen = search::path_method_from(method);
  if (!chosen) throw parse_error(fmt::format("unknown method '{}'; there are auto, bidirectional, ida, table", method));
  options.method = *chosen;
  options.max_depth = max_depth;
  options.pattern_bytes = table_bytes;
  const auto begin = states_from(graph, from).at(0);
  const auto end = to ? states_from(graph, *to).at(0) : graph.central();
  auto context = context_of(l);
  long_work work(context);
  context.observer = observer_of(progress, work);
  auto r = work.run([&] {
    const auto give_back = [](std::atomic_flag* flag) { flag->clear(); };
    std::unique_ptr<std::atomic_flag, decltype(give_back)> taken(nullptr, give_back);
    if (!tables->in_use.test_and_set()) {
      taken.reset(&tables->in_use);
      options.patterns = &tables->patterns;
    }
    std::optional<search::distance_table> table;
    if (!distances.empty()) options.table = &table.emplace(search::distance_table::open(distances, graph, context));
    return search::find_path(graph, begin, end, options, context);
  });
  const bool found = r.status == search::path_status::geodesic;
  py::dict out;
  out["status"] = search::to_string(r.status);
  out["limit"] = limit_text(r.limit);
  out["word"] = found ? py::object(py::str(search::word_text(graph, r.word))) : py::none();
  out["length"] = found ? py::object(py::int_(r.word.size())) : py::none();
  out["moves"] = found ? py::object(word_array(std::move(r.word))) : py::none();
  out["lower_bound"] = r.status == search::path_status::no_path ? py::object(py::none()) : py::int_(r.lower_bound);
  out["several"] = r.several;
  out["reason"] = r.reason;
  out["method"] = r.method;
  out["nodes"] = r.nodes;
  out["stored"] = r.states;
  out["seconds"] = r.seconds;
  return out;
}

// --------------------------------------------------------------------------------------------------------------------- solve

struct solve_arguments {
  std::string method, heuristic, network, precision, backend;
  std::size_t beam = 4096, ball = 65536, attempts = 2, restarts = 2;
  std::optional<std::uint64_t> max_length, nodes;
  std::optional<double> time_per_state;
  bool inverses = true, improve = true;
  std::uint64_t seed = 1;

  search::solve_options options() const;
};

search::solve_options solve_arguments::options() const {
  using kind = search::beam_estimate;
  static const std::map<std::string, kind> estimates{{"auto", kind::automatic}, {"pairs", kind::pairs},     {"rotation", kind::rotation}, {"gap", kind::gap},
                                                      {"hamming", kind::hamming}, {"patterns", kind::patterns}, {"given", kind::given}};
  search::solve_options out;
  const auto chosen = search::solve_method_from(method);
  if (!chosen) throw parse_error(fmt::format("unknown method '{}'; there are auto, two-phase, beam, chain", method));
  out.method = *chosen;
  const auto estimate = estimates.find(heuristic);
  if (estimate == estimates.end()) throw parse_error(fmt::format("unknown heuristic '{}'; there are auto, pairs, rotation, gap, hamming, patterns, or a function", heuristic));
  out.beam.estimate = estimate->second;
  if (!network.empty()) {
    out.beam.network = std::make_shared<const search::network>(search::read_network(network));
    out.beam.precision = precision == "int8" ? search::network_precision::int8 : search::network_precision::float32;
    out.beam.estimate = kind::network;
  }
  out.beam.device = device_from(backend);
  out.beam.width = beam, out.beam.ball_states = ball, out.beam.attempts = attempts, out.beam.restarts = restarts;
  out.beam.max_length = max_length, out.beam.inverses = inverses, out.beam.improve = improve;
  out.seed = seed;
  if (nodes) {
    out.two_phase.nodes = nodes;
    out.two_phase.seconds.reset();
  }
  if (time_per_state) out.two_phase.seconds = out.seconds = std::chrono::duration<double>(*time_per_state);
  return out;
}

search::limit limit_now(const search::run_context& context) { return context.stop.stop_requested() ? search::limit::interrupt : search::limit::time; }

/// Rows side by side with one thread and a share of the memory each; then those that a share did not solve, and wide beams, with all.
std::vector<search::solve_result> solve_rows(const search::state_solver& solver, const std::vector<graphs::state>& states, const graphs::state& goal, std::size_t beam,
                                             const search::run_context& context) {
  constexpr std::size_t narrow = 20'000;
  const bool wide = solver.method() == search::solve_method::beam && beam > narrow;
  std::vector<search::solve_result> out(states.size());
  const auto solve = [&](std::size_t i, const search::run_context& with) {
    try {
      if (!context.is_stopped()) {
        out[i] = solver.solve(states[i], goal, with);
        return;
      }
    } catch (const groups::stopped_error&) {
    }
    out[i].limit = limit_now(context);
  };
  const bool side_by_side = states.size() > 1 && context.threads > 1 && !wide;
  if (side_by_side) {
    auto share = context;
    share.threads = 1, share.memory_bytes /= context.threads, share.observer = {};
    search::parallel_tasks(context.threads).run(states.size(), true, [&](std::size_t i, std::size_t) { solve(i, share); });
  }
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!side_by_side || (out[i].limit == search::limit::memory && !out[i].found)) solve(i, context);
  }
  return out;
}

struct solved_rows {
  std::string plan;
  std::vector<search::solve_result> rows;
};

/// By a function of Python. It gets an array (k, n) over the labels, and gives k numbers.
search::state_estimate estimate_by(const py::object& function, std::size_t n, long_work& work) {
  return [function = function.ptr(), n, &work](std::span<const std::uint64_t> states, std::span<float> out) {
    const bool called = work.call([&] {
      const auto count = static_cast<py::ssize_t>(out.size());
      // The labels may be gone after the call: the array is a copy of them.
      const py::array_t<std::int64_t> rows({count, static_cast<py::ssize_t>(n)}, reinterpret_cast<const std::int64_t*>(states.data()));
      const auto said = py::array_t<float, py::array::c_style | py::array::forcecast>::ensure(py::reinterpret_borrow<py::object>(function)(rows));
      if (!said) throw domain_error("the heuristic gave something that is no array of numbers");
      if (said.size() != count) throw domain_error(fmt::format("the heuristic gave {} numbers for {} states", said.size(), count));
      std::copy_n(said.data(), count, out.data());
    });
    if (!called) std::ranges::fill(out, 0.0F);
  };
}

solved_rows solve_with_beam(const graph_definition& graph, const std::vector<graphs::state>& states, const search::solve_options& options, const search::run_context& context) {
  const search::beam_solver solver(graph, options.beam, context);
  solved_rows out{fmt::format("beam of {} states, given, ball of radius {}", options.beam.width, solver.ball_radius()), {}};
  for (const auto& s : states) {
    search::solve_result r;
    if (context.is_stopped()) {
      r.limit = limit_now(context);
    } else {
      auto found = solver.solve(s, context);
      r.found = found.found, r.impossible = found.impossible, r.limit = found.limit, r.word = std::move(found.word);
      r.geodesic = r.found && r.word.size() <= solver.ball_radius();
      r.method = "beam", r.levels = found.levels, r.candidates = found.candidates, r.attempts = found.attempts, r.width = found.width, r.seconds = found.seconds;
    }
    out.rows.push_back(std::move(r));
  }
  return out;
}

py::dict solve(const graph_definition& graph, const state_array& from, const std::optional<state_array>& to, const solve_arguments& a, const py::object& heuristic, const limits& l,
               const py::object& progress) {
  auto options = a.options();
  const auto states = states_from(graph, from);
  const auto goal = to ? states_from(graph, *to).at(0) : graph.central();
  auto context = context_of(l);
  long_work work(context);
  context.observer = observer_of(progress, work);
  if (!heuristic.is_none()) options.beam.given = estimate_by(heuristic, graph.central().size(), work);
  auto solved = work.run([&]() -> solved_rows {
    if (options.beam.given) return solve_with_beam(graph, states, options, context);
    const search::state_solver solver(graph, options, context);
    return {std::string(search::to_string(solver.method())) + ": " + solver.plan(), solve_rows(solver, states, goal, a.beam, context)};
  });
  py::list rows;
  for (auto& r : solved.rows) {
    py::dict row;
    row["found"] = r.found;
    row["impossible"] = r.impossible;
    row["geodesic"] = r.geodesic;
    row["limit"] = limit_text(r.limit);
    row["word"] = r.found ? py::object(py::str(search::word_text(graph, r.word))) : py::none();
    row["moves"] = r.found ? py::object(word_array(std::move(r.word))) : py::none();
    row["method"] = r.method;
    row["reason"] = r.reason;
    row["seconds"] = r.seconds;
    rows.append(std::move(row));
  }
  py::dict out;
  out["plan"] = solved.plan;
  out["rows"] = std::move(rows);
  return out;
}

// --------------------------------------------------------------------------------------------------------------------- walks

py::dict walks(const graph_definition& graph, std::uint64_t count, std::uint32_t length, const std::string& kind, std::uint64_t seed, std::uint64_t first, bool all, bool with_moves,
               const std::string& distances, const std::string& backend, const limits& l) {
  search::walk_options options;
  const auto chosen = search::walk_kind_from(kind);
  if (!chosen) throw parse_error(fmt::format("unknown kind '{}'; there are classic, non_backtracking, group, sphere", kind));
  options.kind = *chosen, options.length = length, options.seed = seed;
  options.device = device_from(backend);
  auto context = context_of(l);
  long_work work(context);
  std::vector<std::uint64_t> states;
  std::vector<std::uint32_t> moves;
  const auto width = graph.central().size(), rows_of_one = all ? std::size_t{length} + 1 : 1;
  const auto needed = static_cast<double>(count) * (static_cast<double>(rows_of_one * width) * 8 + (with_moves ? 4.0 * length : 0));
  if (needed > static_cast<double>(context.memory_bytes)) {
    throw resource_error(fmt::format("{}: {} walks of {} steps take {:.0f} MiB, the memory budget is {:.0f} MiB: ask for fewer, or for their ends only", graph.spec(), count, length,
                                     needed / 1048576, static_cast<double>(context.memory_bytes) / 1048576));
  }
  work.run([&] {
    std::optional<search::distance_table> table;
    if (!distances.empty()) options.distances = &table.emplace(search::distance_table::open(distances, graph, context));
    const search::random_walks made(graph, options, context);
    if (!made.has_steps() && (all || with_moves)) throw domain_error(fmt::format("{}: states of the kind '{}' come from nowhere: there are no steps to give", graph.spec(), kind));
    states.resize(count * rows_of_one * width), moves.resize(with_moves ? count * length : 0);
    made.sample(first, count, all ? search::random_walks::keep::all : search::random_walks::keep::end, states, moves, context);
    return true;
  });
  auto shape = shape_of_states(graph, count);
  if (all) shape.insert(shape.begin() + 1, static_cast<py::ssize_t>(rows_of_one));
  py::dict out;
  out["states"] = owning_array<std::int64_t>(std::move(states), std::move(shape));
  out["moves"] = with_moves ? py::object(owning_array<std::int32_t>(std::move(moves), {static_cast<py::ssize_t>(count), static_cast<py::ssize_t>(length)})) : py::none();
  return out;
}

/// The distance of each state by a table of distances; -1 for what is no state of the graph.
py::array distances_of(const graph_definition& graph, const std::string& file, const state_array& states, const limits& l) {
  const auto all = states_from(graph, states);
  auto context = context_of(l);
  long_work work(context);
  std::vector<std::int64_t> out = work.run([&] {
    const auto table = search::distance_table::open(file, graph, context);
    std::vector<std::int64_t> found;
    for (const auto& s : all) {
      context.check();
      const auto d = table.distance(s);
      found.push_back(d ? static_cast<std::int64_t>(*d) : -1);
    }
    return found;
  });
  const auto count = static_cast<py::ssize_t>(out.size());
  return owning_array<std::int64_t>(std::move(out), {count});
}

}  // namespace

void add_search(py::module_& m) {
  py::class_<path_tables, std::shared_ptr<path_tables>>(m, "PathTables").def(py::init<>());
  m.def("path", &path);
  py::class_<solve_arguments>(m, "SolveArguments")
      .def(py::init<>())
      .def_readwrite("method", &solve_arguments::method)
      .def_readwrite("heuristic", &solve_arguments::heuristic)
      .def_readwrite("network", &solve_arguments::network)
      .def_readwrite("precision", &solve_arguments::precision)
      .def_readwrite("backend", &solve_arguments::backend)
      .def_readwrite("beam", &solve_arguments::beam)
      .def_readwrite("ball", &solve_arguments::ball)
      .def_readwrite("attempts", &solve_arguments::attempts)
      .def_readwrite("restarts", &solve_arguments::restarts)
      .def_readwrite("max_length", &solve_arguments::max_length)
      .def_readwrite("nodes", &solve_arguments::nodes)
      .def_readwrite("time_per_state", &solve_arguments::time_per_state)
      .def_readwrite("inverses", &solve_arguments::inverses)
      .def_readwrite("improve", &solve_arguments::improve)
      .def_readwrite("seed", &solve_arguments::seed);
  m.def("solve", &solve);
  m.def("walks", &walks);
  m.def("distances", &distances_of);
}

}  // namespace cosetta::python
