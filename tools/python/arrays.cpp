#include <search/growth.hpp>
#include <tools/machine.hpp>
#include <tools/python/bindings.hpp>

#include <algorithm>
#include <chrono>

namespace cosetta::python {

py::int_ integer(const mpz_class& x) {
  if (x.fits_slong_p()) return py::int_(x.get_si());
  return py::reinterpret_steal<py::int_>(PyLong_FromString(x.get_str(16).c_str(), nullptr, 16));
}

mpz_class integer_from(const py::int_& x) {
  const auto text = py::reinterpret_steal<py::str>(PyNumber_ToBase(x.ptr(), 10));
  return mpz_class(std::string(text), 10);
}

std::vector<py::ssize_t> shape_of_states(const graphs::graph_definition& graph, std::size_t count) {
  std::vector<py::ssize_t> shape{static_cast<py::ssize_t>(count), static_cast<py::ssize_t>(graph.degree())};
  if (graph.matrices() != nullptr) shape.push_back(static_cast<py::ssize_t>(graph.columns()));
  return shape;
}

py::array array_of_states(const graphs::graph_definition& graph, const std::vector<graphs::state>& states) {
  std::vector<std::uint64_t> flat;
  flat.reserve(states.size() * graph.central().size());
  for (const auto& s : states) flat.insert(flat.end(), s.begin(), s.end());
  return owning_array<std::int64_t>(std::move(flat), shape_of_states(graph, states.size()));
}

py::array array_of_state(const graphs::graph_definition& graph, const graphs::state& s) {
  auto shape = shape_of_states(graph, 1);
  shape.erase(shape.begin());
  return owning_array<std::int64_t>(graphs::state(s), std::move(shape));
}

std::vector<graphs::state> states_from(const graphs::graph_definition& graph, const state_array& states) {
  const auto width = graph.central().size();
  const auto count = static_cast<std::size_t>(states.size()) / width;
  const auto* data = reinterpret_cast<const std::uint64_t*>(states.data());
  std::vector<graphs::state> out;
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) out.emplace_back(data + i * width, data + (i + 1) * width);
  return out;
}

py::object array_of_layers(std::vector<std::uint64_t> layers) {
  const bool fits = std::ranges::all_of(layers, [](std::uint64_t n) { return n >> 63 == 0; });
  if (!fits) return py::cast(layers);
  const auto count = static_cast<py::ssize_t>(layers.size());
  return owning_array<std::int64_t>(std::move(layers), {count});
}

search::run_context context_of(const limits& l) {
  using clock = std::chrono::steady_clock;
  static const unsigned cores = tools::available_cores();
  static std::size_t memory = 0;  // reading it takes longer than a small graph
  static clock::time_point read;
  search::run_context context;
  const auto& [threads, bytes, seconds] = l;
  context.threads = threads == 0 ? cores : threads;
  context.memory_bytes = bytes;
  if (bytes == 0) {
    if (const auto now = clock::now(); memory == 0 || now - read > std::chrono::seconds(1)) memory = tools::default_memory(), read = now;
    context.memory_bytes = memory;
  }
  if (seconds >= 0) context.deadline = clock::now() + std::chrono::nanoseconds(static_cast<std::int64_t>(std::min(seconds, 1e9) * 1e9));
  return context;
}

std::function<void(const search::progress&)> observer_of(const py::object& callback, long_work& work) {
  if (callback.is_none()) return {};
  return [&work, f = callback.ptr()](const search::progress& p) {  // the caller of the work holds it
    work.call([&] { py::reinterpret_borrow<py::object>(f)(p.depth, p.sphere, p.seen, p.seconds); });
  };
}

}  // namespace cosetta::python
