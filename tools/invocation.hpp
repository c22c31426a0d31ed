// What every verb shares: exit codes, the options that name a graph, limit a run and shape the output.
#pragma once

#include <graphs/parse_graph.hpp>
#include <search/growth.hpp>
#include <search/run_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace cosetta::kernels {
class backend;
}

namespace cosetta::tools {

enum exit_code : int {
  answered = 0,
  answered_no = 1,
  wrong_usage = 2,
  limit_reached = 3,
  failed = 4,
  interrupted = 130,
};

/// One call of the program: its words, and what the chosen verb will do.
struct invocation {
  std::string command_line;     // as a shell would read it again
  std::function<int()> action;  // set by the verb that was parsed
};

struct graph_arguments {
  std::string graph;
  std::optional<std::string> central;
  bool directed = false;
  bool inverse_closed = false;
  bool one_based = false;
  std::uint64_t seed = 1;

  /// Parses the graph; JSON for "-" comes from std::cin. The control ends what takes long, the cosets of an fp: graph.
  graphs::graph_definition read(const groups::group_control& control = {}) const;
  groups::point first_point() const noexcept { return one_based ? 1 : 0; }
};

/// The device that --backend asks for by name: null for auto and cpu. Throws parse_error for another name than auto, cpu, cuda, and
/// backend_error where no device can be used.
std::shared_ptr<kernels::backend> device_named(std::string_view backend);

struct run_arguments {
  std::string threads = "auto";
  std::string memory = "auto";
  std::optional<std::string> time;
  std::optional<std::uint64_t> max_depth;
  std::string backend = "auto";
  std::string engine = "auto";
  std::string kernel = "auto";

  /// Throws parse_error on a malformed limit.
  search::run_context context() const;
  /// Throws parse_error on a wrong name and backend_error for a backend or kernel that cannot run here.
  search::growth_options options() const;
  /// For verbs that run on the CPU only: throws parse_error where another backend is asked for.
  void check_cpu(std::string_view verb) const;
};

/// The limits of verbs that have no engine to choose.
struct limit_arguments {
  std::string threads = "auto", memory = "auto";
  std::optional<std::string> time;

  /// Throws parse_error on a malformed limit.
  search::run_context context() const;
};

enum class output_format { text, json, csv, latex, markdown };

struct output_arguments {
  std::string format = "text";
  bool json = false;
  std::string file;
  bool quiet = false;
  bool verbose = false;
  std::string color = "auto";

  output_format chosen() const;
  /// Throws domain_error when `file` could not be written: better before long work than after it.
  void check_writable() const;
  /// To stdout, or to a temporary beside `file` that is then renamed; a device or a pipe is written as it is. Throws
  /// domain_error as check_writable does, backend_error when writing fails.
  void write(std::string_view text) const;
};

void add_graph_arguments(CLI::App& verb, graph_arguments& arguments);
void add_run_arguments(CLI::App& verb, run_arguments& arguments);
void add_limit_arguments(CLI::App& verb, limit_arguments& arguments);
/// `formats` are those that the verb has; --help lists them.
void add_output_arguments(CLI::App& verb, output_arguments& arguments, std::string_view formats = "text, json, csv, latex, markdown");

/// The whole text of a file. Throws parse_error.
std::string read_text(const std::string& path);

/// Throws backend_error.
void write_to_stdout(std::string_view text);

/// One line to stderr; control characters become blanks. Never throws.
void print_error_line(std::string_view text) noexcept;

/// A check for options that take a natural number: CLI11 would wrap -1 around.
std::string check_natural(const std::string& text);
/// The same, without 0.
std::string check_positive(const std::string& text);

/// "auto" is as many as there are cores. Throws parse_error.
unsigned parse_threads(const std::string& text);
/// "auto" is three quarters of what the machine, or the control group, has free. Throws parse_error.
std::size_t parse_memory(const std::string& text);

/// "16G", "450M", "1.5G", "65536" (bytes); powers of 1024. Throws parse_error.
std::size_t parse_bytes(std::string_view text);
/// "2h", "30s", "1h30m", "500ms", "2.5s". Throws parse_error.
std::chrono::nanoseconds parse_duration(std::string_view text);

/// "312 MiB"
std::string format_bytes(double bytes);

}  // namespace cosetta::tools
