#include <kernels/cuda/backend.hpp>
#include <kernels/cuda/device.hpp>
#include <kernels/error.hpp>
#include <search/diameter.hpp>
#include <search/growth.hpp>
#include <tools/python/bindings.hpp>
#include <tools/python/engine_options.hpp>

#include <fmt/format.h>

namespace cosetta::python {

std::shared_ptr<kernels::backend> device_from(const std::string& name) {
  if (name != "cuda") return nullptr;
  static const auto* const made = new std::shared_ptr<kernels::backend>(kernels::make_cuda_backend());  // never destroyed: the driver may be gone before
  return *made;
}

search::growth_options engine_options::options() const {
  search::growth_options out;
  out.max_depth = max_depth;
  out.symmetry = symmetry;
  out.device = device_from(backend);
  if (backend == "auto") {
    out.find_device = []() -> std::shared_ptr<kernels::backend> {
      if (kernels::probe_cuda().devices.empty()) return nullptr;
      try {
        return device_from("cuda");
      } catch (const error&) {  // too old, or in nobody's hands
        return nullptr;
      }
    };
  }
  if (kernel != "auto") {
    out.instructions = kernels::instruction_set_from(kernel);
    if (!out.instructions) throw parse_error(fmt::format("unknown kernel '{}'; there are auto, scalar, avx2, avx512", kernel));
    if (!kernels::is_supported(*out.instructions)) throw backend_error(fmt::format("kernel {}: this processor cannot run it", kernel));
  }
  return out;
}

std::unique_ptr<search::growth_engine> engine_options::made_engine() const {
  auto made = search::make_growth_engine(engine);
  if (!made) throw parse_error(fmt::format("unknown engine '{}'; there are auto, tower, bucket, oracle", engine));
  return made;
}

namespace {

py::dict growth_dict(const graphs::graph_definition& graph, search::growth_result&& r) {
  py::dict out;
  const auto moments = search::moments(r.layers);
  out["status"] = search::to_string(r.status);
  out["limit"] = r.limit == search::limit::none ? py::object(py::none()) : py::cast(search::to_string(r.limit));
  out["diameter"] = r.diameter();
  out["states"] = r.states();
  out["layers"] = array_of_layers(std::move(r.layers));
  out["mean"] = moments.mean;
  out["sd"] = moments.deviation;
  out["skewness"] = moments.skewness;
  out["last_layer"] = r.last_layer_left_out ? py::object(py::none()) : py::object(array_of_states(graph, r.last_layer));
  out["engine"] = r.engine;
  out["backend"] = r.backend;
  out["threads"] = r.threads;
  out["seconds"] = r.seconds;
  out["peak_bytes"] = r.peak_bytes;
  out["bits_per_state"] = r.bits_per_state;
  out["symmetry"] = r.symmetry;
  out["certified"] = r.certified;
  return out;
}

py::dict growth(const graphs::graph_definition& graph, const engine_options& how, std::size_t last_layer, bool only_whole, const std::string& checkpoint, const std::string& resume,
                const std::string& save_distances, const limits& l, const py::object& progress) {
  const auto engine = how.made_engine();
  auto options = how.options();
  options.last_layer = last_layer;
  options.last_layer_only_whole = only_whole;
  options.checkpoint = checkpoint.empty() ? resume : checkpoint;
  options.resume = resume;
  options.save_distances = save_distances;
  options.planned = [](const search::growth_plan&) {};  // refuses what does not fit
  auto context = context_of(l);
  long_work work(context);
  context.observer = observer_of(progress, work);
  return growth_dict(graph, work.run([&] { return engine->run(graph, options, context); }));
}

/// The same in C++, `times` times: the seconds that Python is compared with.
double growth_seconds(const std::vector<graphs::graph_definition>& graphs, const limits& l) {
  const auto context = context_of(l);
  return without_lock([&] {
    const auto engine = search::make_auto_engine();
    const auto start = std::chrono::steady_clock::now();
    search::growth_options options;
    options.planned = [](const search::growth_plan&) {};
    for (const auto& g : graphs) static_cast<void>(engine->run(g, options, context));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  });
}

py::object optional_number(const std::optional<std::uint64_t>& x) { return x ? py::object(py::int_(*x)) : py::none(); }

py::dict diameter(const graphs::graph_definition& graph, const engine_options& how, bool witness, std::uint64_t words, std::optional<std::size_t> antipodes, const limits& l,
                  const py::object& progress) {
  const auto engine = how.made_engine();
  search::diameter_options options;
  options.growth = how.options();
  options.growth.last_layer = witness ? 1 : 0;
  options.words = words, options.tables = words > 0;
  if (antipodes) {
    options.antipodes = *antipodes, options.antipode_memory = true;
    options.antipode_effort = 40'000'000 * std::clamp<std::uint64_t>(*antipodes, 1, 1000);
    if (*antipodes > 0 && !graph.is_cayley()) throw domain_error(fmt::format("{}: antipodes are far elements of a group; this graph has equal labels or vectors: leave them out", graph.spec()));
  }
  auto context = context_of(l);
  long_work work(context);
  context.observer = observer_of(progress, work);
  auto found = work.run([&] { return search::find_diameter(graph, *engine, options, context); });
  py::dict out;
  out["status"] = search::to_string(found.status);
  out["lower"] = found.lower;
  out["upper"] = optional_number(found.upper);
  out["lower_by"] = found.lower_by;
  out["upper_by"] = found.upper_by;
  out["vertices"] = found.vertices > 0 ? py::object(integer(found.vertices)) : py::none();
  out["witness"] = found.growth.last_layer.empty() ? py::object(py::none()) : py::object(array_of_state(graph, found.growth.last_layer.front()));
  out["far"] = found.far ? py::object(py::make_tuple(array_of_state(graph, found.far->state), found.far->at_least, found.far->at_most)) : py::none();
  out["growth"] = growth_dict(graph, std::move(found.growth));
  return out;
}

}  // namespace

void add_growth(py::module_& m) {
  py::class_<engine_options>(m, "Engine")
      .def(py::init([](std::optional<std::uint64_t> max_depth, std::string engine, std::string backend, std::string kernel, bool symmetry) {
        return engine_options{max_depth, std::move(engine), std::move(backend), std::move(kernel), symmetry};
      }));
  m.def("growth", &growth);
  m.def("growth_seconds", &growth_seconds);
  m.def("diameter", &diameter);
}

}  // namespace cosetta::python
