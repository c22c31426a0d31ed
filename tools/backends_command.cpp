#include <graphs/catalogue.hpp>
#include <kernels/cuda/ceiling_grid.hpp>
#include <kernels/cuda/device.hpp>
#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/render.hpp>
#include <tools/version.hpp>

#include <cstring>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

/// Bytes a second that one core reads and writes when it copies a block far larger than its caches.
double copy_bandwidth() {
  constexpr std::size_t words = std::size_t{1} << 22;  // 32 MiB
  std::vector<std::uint64_t> from(words, 1);
  std::vector<std::uint64_t> to(words);
  double best = 0;
  for (int repeat = 0; repeat < 4; ++repeat) {
    from[0] = static_cast<std::uint64_t>(repeat);
    const auto start = std::chrono::steady_clock::now();
    std::memcpy(to.data(), from.data(), words * sizeof(std::uint64_t));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (to[0] == static_cast<std::uint64_t>(repeat))
      best = std::max(best, 2.0 * words * sizeof(std::uint64_t) / seconds);
  }
  return best;
}

/// Nanoseconds an edge of the bucket engine on all of S_9 under L, R, X, one thread.
double edge_time(kernels::instruction_set set) {
  const auto graph = graphs::make_catalogue_graph("lrx:9");
  search::growth_options options;
  options.instructions = set;
  const search::run_context context;
  const auto result = search::make_bucket_engine()->run(graph, options, context);
  return result.seconds * 1e9 / (3.0 * static_cast<double>(result.states()));
}

ordered_json describe() {
  const search::run_context machine = run_arguments{}.context();
  ordered_json cpu = {{"name", "cpu"},
                      {"usable", true},
                      {"cores", machine.threads},
                      {"memory_budget", machine.memory_bytes},
                      {"copy_bytes_per_second", copy_bandwidth()},
                      {"kernels", ordered_json::array()}};
  for (const auto set : kernels::all_instruction_sets()) {
    ordered_json entry = {{"name", std::string(kernels::to_string(set))},
                          {"usable", kernels::is_supported(set)},
                          {"default", set == kernels::best_instruction_set()}};
    if (kernels::is_supported(set)) entry["ns_per_edge"] = edge_time(set);
    cpu["kernels"].push_back(entry);
  }
  const auto state = kernels::probe_cuda();
  ordered_json cuda = {{"name", "cuda"}, {"built", state.built}, {"usable", false}, {"devices", ordered_json::array()}};
  std::string reason = state.why_not;
  for (std::size_t i = 0; i < state.devices.size(); ++i) {
    const auto& device = state.devices[i];
    ordered_json entry = {{"name", device.name}, {"architecture", device.architecture}, {"memory", device.memory_bytes}, {"peak_bytes_per_second", device.peak_bandwidth}, {"usable", false}};
    try {
      const auto on = kernels::make_cuda_backend(static_cast<int>(i));
      entry["free"] = on->free_bytes();
      const auto ceilings = kernels::measure_ceilings(*on);
      entry["copy_bytes_per_second"] = ceilings.bytes_per_second;
      entry["integer_operations_per_second"] = ceilings.operations_per_second;
      entry["usable"] = true;
      cuda["usable"] = true;
    } catch (const error& e) {
      reason = e.what();
      entry["reason"] = reason;
    }
    cuda["devices"].push_back(entry);
  }
  cuda["reason"] = cuda["usable"].get<bool>() ? "" : reason;
  return {{"schema", "cosetta.backends/1"},
          {"backends", {cpu, cuda}},
          {"engines", {"auto", "tower", "bucket", "oracle"}},
          {"version", version}};
}

std::string text_of(const ordered_json& document) {
  const auto& cpu = document["backends"][0];
  const auto& cuda = document["backends"][1];
  std::string out =
      fmt::format("cpu   {} cores, budget {}, one core copies {:.1f} GB/s\n", cpu["cores"].get<unsigned>(),
                  format_bytes(cpu["memory_budget"].get<double>()), cpu["copy_bytes_per_second"].get<double>() / 1e9);
  for (const auto& kernel : cpu["kernels"]) {
    out += fmt::format("      kernel {:<7} {}{}\n", kernel["name"].get<std::string>(),
                       kernel["usable"].get<bool>()
                           ? fmt::format("{:.1f} ns an edge (lrx:9, one thread)", kernel["ns_per_edge"].get<double>())
                           : "not usable: this processor lacks it",
                       kernel["default"].get<bool>() ? ", default" : "");
  }
  for (const auto& device : cuda["devices"]) {
    out += fmt::format("cuda  {} ({}), {}", device["name"].get<std::string>(), device["architecture"].get<std::string>(), format_bytes(device["memory"].get<double>()));
    if (device["usable"].get<bool>()) {
      out += fmt::format(" ({} free), copies {:.0f} GB/s, {:.1f} T integer operations a second", format_bytes(device["free"].get<double>()),
                         device["copy_bytes_per_second"].get<double>() / 1e9, device["integer_operations_per_second"].get<double>() / 1e12);
    }
    out += "\n";
  }
  if (!cuda["usable"].get<bool>()) out += fmt::format("cuda  not usable: {}\n", cuda["reason"].get<std::string>());
  return out;
}

}  // namespace

void add_backends_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("backends", "what can run here, and how fast");
  const auto output = std::make_shared<output_arguments>();
  add_output_arguments(*verb, *output, "text, json");
  verb->footer("Examples:\n  cosetta backends\n  cosetta backends --json");
  verb->callback([=, &call] {
    call.action = [=] {
      const auto format = output->chosen();
      if (format != output_format::json && format != output_format::text)
        throw parse_error("backends has the formats text and json");
      const auto document = describe();
      output->write(format == output_format::json ? document.dump() + "\n" : text_of(document));
      return static_cast<int>(answered);
    };
  });
}

}  // namespace cosetta::tools
