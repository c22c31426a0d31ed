#include <graphs/catalogue.hpp>
#include <kernels/cuda/backend.hpp>
#include <kernels/cuda/device.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/amounts.hpp>
#include <tools/invocation.hpp>
#include <tools/machine.hpp>
#include <tools/output_stream.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

namespace cosetta::tools {

void print_error_line(std::string_view text) noexcept {
  for (const char c : text) std::fputc(static_cast<unsigned char>(c) < ' ' ? ' ' : c, stderr);
  std::fputc('\n', stderr);
}

std::string check_natural(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!text.empty() && status == std::errc{} && end == text.data() + text.size()) return {};
  return fmt::format("'{}' is no natural number below 2^64", text);
}

std::string check_positive(const std::string& text) {
  auto wrong = check_natural(text);
  if (wrong.empty() && text.find_first_not_of('0') == std::string::npos) wrong = "0 is too few: 1 or more";
  return wrong;
}

unsigned parse_threads(const std::string& text) {
  if (text == "auto") return available_cores();
  unsigned threads = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), threads);
  if (status != std::errc{} || end != text.data() + text.size() || threads < 1 || threads > 4096) {
    throw parse_error(fmt::format("--threads '{}': expected a number from 1 to 4096", text));
  }
  return threads;
}

std::size_t parse_memory(const std::string& text) {
  return text == "auto" ? default_memory() : parse_bytes(text);
}

std::size_t parse_bytes(std::string_view text) { return conjecture::parse_bytes(text); }

std::chrono::nanoseconds parse_duration(std::string_view text) { return std::chrono::nanoseconds(static_cast<std::int64_t>(conjecture::parse_seconds(text) * 1e9)); }

std::string format_bytes(double bytes) {
  constexpr std::array units{"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < units.size()) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{:.{}f} {}", bytes, unit == 0 || bytes >= 100 ? 0 : 1, units[unit]);
}

graphs::graph_definition graph_arguments::read(const groups::group_control& control) const {
  graphs::parse_options options;
  if (directed && inverse_closed) throw parse_error("--directed and --inverse-closed exclude each other");
  if (directed) options.inverses = graphs::closure::directed;
  if (inverse_closed) options.inverses = graphs::closure::inverse_closed;
  options.central = central;
  options.first_point = first_point();
  options.seed = seed;
  options.standard_input = &std::cin;
  options.control = control;
  return graphs::parse_graph(graph, options);
}

search::run_context run_arguments::context() const { return limit_arguments{threads, memory, time}.context(); }

search::run_context limit_arguments::context() const {
  search::run_context context;
  context.threads = parse_threads(threads);
  context.memory_bytes = parse_memory(memory);
  if (time) context.deadline = std::chrono::steady_clock::now() + parse_duration(*time);
  return context;
}

std::shared_ptr<kernels::backend> device_named(std::string_view backend) {
  if (backend == "cuda") {
    // One for a run of the program, however often it is asked for; never destroyed, for the driver may be gone before.
    static const auto* const made = new std::shared_ptr<kernels::backend>(kernels::make_cuda_backend());
    return *made;
  }
  if (backend != "auto" && backend != "cpu") throw parse_error(fmt::format("unknown backend '{}'; there are auto, cpu, cuda", backend));
  return nullptr;
}

void run_arguments::check_cpu(std::string_view verb) const {
  if (backend == "cuda") throw parse_error(fmt::format("--backend cuda: {} runs on the CPU: leave --backend out", verb));
  static_cast<void>(device_named(backend));
}

search::growth_options run_arguments::options() const {
  search::growth_options options;
  options.device = device_named(backend);
  if (backend == "auto") {
    options.find_device = []() -> std::shared_ptr<kernels::backend> {
      if (kernels::probe_cuda().devices.empty()) return nullptr;
      try {
        return device_named("cuda");
      } catch (const error&) {  // too old, or in nobody's hands
        return nullptr;
      }
    };
  }
  options.max_depth = max_depth;
  if (kernel != "auto") {
    options.instructions = kernels::instruction_set_from(kernel);
    if (!options.instructions)
      throw parse_error(fmt::format("unknown kernel '{}'; there are auto, scalar, avx2, avx512", kernel));
    if (!kernels::is_supported(*options.instructions)) {
      throw backend_error(
          fmt::format("kernel {}: this processor cannot run it (cosetta backends shows those that it can)", kernel));
    }
  }
  return options;
}

output_format output_arguments::chosen() const {
  if (color != "auto" && color != "always" && color != "never") {
    throw parse_error(fmt::format("unknown --color '{}'; there are auto, always, never", color));
  }
  if (json && format != "text" && format != "json")
    throw parse_error(fmt::format("--json and --format {} exclude each other", format));
  if (json) return output_format::json;
  if (format == "text") return output_format::text;
  if (format == "json") return output_format::json;
  if (format == "csv") return output_format::csv;
  if (format == "latex") return output_format::latex;
  if (format == "markdown") return output_format::markdown;
  throw parse_error(fmt::format("unknown format '{}'; there are text, json, csv, latex, markdown", format));
}

void output_arguments::check_writable() const {
  if (!file.empty()) tools::check_writable(file);
}

void output_arguments::write(std::string_view text) const {
  if (file.empty()) {
    write_to_stdout(text);
    return;
  }
  output_stream out(file);
  out.write(text);
  out.commit();
}

std::string read_text(const std::string& path) {
  std::error_code status;
  std::ifstream file(path, std::ios::binary);
  if (!file || std::filesystem::is_directory(path, status)) throw parse_error(path + ": no such file, or not readable");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write_to_stdout(std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (!whole || std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw backend_error("cannot write to stdout");
}

void add_graph_arguments(CLI::App& verb, graph_arguments& a) {
  verb.add_option("GRAPH", a.graph,
                  "a catalogue name (lrx:12,k=3), a file (.gap .json .tws .ksolve .csv#TYPE), a competition folder, or - for JSON")
      ->required();
  verb.add_option("--central", a.central, "another central state: 000111 or 0,0,0,1,1,1");
  verb.add_flag("--directed", a.directed, "keep the generators as they are");
  verb.add_flag("--inverse-closed", a.inverse_closed, "add missing inverses");
  verb.add_flag("--one-based", a.one_based, "points count from 1, in JSON input and in output");
  verb.add_option("--seed", a.seed, "of random families")->check(check_natural)->capture_default_str();
}

void add_run_arguments(CLI::App& verb, run_arguments& a) {
  verb.add_option("--max-depth", a.max_depth, "stop after this distance")->check(check_natural);
  verb.add_option("--time", a.time, "stop after this long: 2h, 90s, 500ms");
  verb.add_option("--memory", a.memory, "memory budget: 16G, 450M; auto: three quarters of what is free")
      ->capture_default_str();
  verb.add_option("--threads", a.threads, "number of threads; auto: one a core")->capture_default_str();
  verb.add_option("--engine", a.engine, "auto, tower, bucket, oracle")->capture_default_str();
  verb.add_option("--backend", a.backend, "auto, cpu, cuda")->capture_default_str();
  verb.add_option("--kernel", a.kernel, "auto, scalar, avx2, avx512")->capture_default_str();
}

void add_limit_arguments(CLI::App& verb, limit_arguments& a) {
  verb.add_option("--time", a.time, "stop after this long: 2h, 90s, 500ms");
  verb.add_option("--memory", a.memory, "memory budget: 16G, 450M; auto: three quarters of what is free")->capture_default_str();
  verb.add_option("--threads", a.threads, "number of threads; auto: one a core; they change nothing in the output")->capture_default_str();
}

void add_output_arguments(CLI::App& verb, output_arguments& a, std::string_view formats) {
  verb.add_option("--format", a.format, std::string(formats))->capture_default_str();
  verb.add_flag("--json", a.json, "the same as --format json");
  verb.add_option("-o,--output", a.file, "write to a file (through a temporary one) instead of stdout");
  verb.add_flag("-q,--quiet", a.quiet, "nothing on stderr but errors");
  verb.add_flag("-v,--verbose", a.verbose, "the plan, and one line a layer, on stderr");
  verb.add_option("--color", a.color, "auto, always, never")->capture_default_str();
}

}  // namespace cosetta::tools
