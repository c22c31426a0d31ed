#include <graphs/state_encoding.hpp>
#include <kernels/error.hpp>
#include <search/walks.hpp>
#include <tools/commands.hpp>
#include <tools/output_stream.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

struct walks_arguments {
  graph_arguments graph;
  std::uint64_t count = 0;
  std::optional<std::uint64_t> length;
  std::string kind = "classic";
  std::string states = "end", encode = "labels";
  std::string output, moves, distances, distance_output;
  limit_arguments limits;
  std::string backend = "auto";
  bool json = false;
  bool quiet = false;
};

/// One array on its way to a file.
class npy_output {
 public:
  npy_output(const std::string& file, graphs::npy_type type, std::vector<std::uint64_t> shape) : file_(file), type_(type), shape_(std::move(shape)) {
    double bytes = static_cast<double>(graphs::npy_bytes(type));
    for (const auto n : shape_) bytes *= static_cast<double>(n);
    const auto header = graphs::npy_header(type, shape_);
    bytes_ = bytes + static_cast<double>(header.size());
    out_.emplace(file, static_cast<std::uint64_t>(std::min(bytes_, 9e18)));
    out_->write(header);
  }

  template <class Number>
  void append(std::span<const Number> numbers) {
    text_.clear();
    graphs::append_npy(text_, type_, numbers);
    out_->write(text_);
  }
  void append_states(const graphs::state_encoder& encoder, std::span<const std::uint64_t> states) {
    text_.clear();
    encoder.append(text_, states);
    out_->write(text_);
  }
  void commit() { out_->commit(); }

  std::string line() const { return fmt::format("{}  {} {}, {}\n", file_, fmt::join(shape_, " x "), to_string(type_), format_bytes(bytes_)); }
  ordered_json json() const { return {{"file", file_}, {"dtype", to_string(type_)}, {"shape", shape_}}; }

 private:
  std::string file_, text_;
  graphs::npy_type type_;
  std::vector<std::uint64_t> shape_;
  double bytes_ = 0;
  std::optional<output_stream> out_;
};

class walks_run {
 public:
  walks_run(const walks_arguments& a, const std::string& command_line) : a_(a), command_line_(command_line) {
    const auto kind = search::walk_kind_from(a.kind);
    if (!kind) throw parse_error(fmt::format("unknown --kind '{}'; there are classic, non_backtracking, group, sphere", a.kind));
    if (a.states != "end" && a.states != "all") throw parse_error(fmt::format("--states {}: there are end, all", a.states));
    all_ = a.states == "all";
    encoding_ = graphs::state_encoding_from(a.encode);
    if (encoding_ != graphs::state_encoding::labels && a.output.empty()) throw parse_error(fmt::format("--encode {} is for arrays: give -o FILE.npy", a.encode));
    length_ = a.length.value_or(0);
    if (length_ > largest_length) throw parse_error(fmt::format("--length {}: at most {}", length_, largest_length));
    const bool steps = *kind == search::walk_kind::classic || *kind == search::walk_kind::non_backtracking;
    if (!steps && (all_ || !a.moves.empty())) throw parse_error(fmt::format("--kind {} gives states, not walks: leave {} out", a.kind, all_ ? "--states all" : "--moves"));
    if (*kind == search::walk_kind::group && a.length) throw parse_error("--kind group: a uniform element has no --length; leave it out");
    if (*kind != search::walk_kind::group && !a.length) throw parse_error(fmt::format("--kind {} needs --length, {}", a.kind, steps ? "the number of steps" : "the radius"));
    if (!a.distance_output.empty() && a.distances.empty()) {
      throw parse_error("--distance-output: true distances are read from a table: make one by `cosetta growth GRAPH --save-distances FILE` and give it by --distances FILE");
    }
    context_ = a.limits.context();
    for (const auto* file : {&a.output, &a.moves, &a.distance_output}) {
      if (!file->empty()) check_writable(*file);
    }
    options_ = {*kind, static_cast<std::uint32_t>(length_), a.graph.seed, nullptr};
    options_.device = device_named(a.backend);
  }

  int run() {
    groups::group_control control;
    control.deadline = context_.deadline;
    const auto graph = a_.graph.read(control);
    const interrupt_guard guard;  // not before stdin is read: Ctrl-C ends that at once
    context_.stop = guard.token();
    std::optional<search::distance_table> table;
    if (!a_.distances.empty()) {
      table.emplace(search::distance_table::open(a_.distances, graph, context_));
      options_.distances = &*table;
    }
    encoder_.emplace(graph, encoding_);
    const search::random_walks walks(graph, options_, context_);
    write_all(graph, walks);
    return answered;
  }

 private:
  static constexpr std::uint64_t largest_length = 0xfffffffe;

  void write_all(const graphs::graph_definition& graph, const search::random_walks& walks) {
    const std::uint64_t rows = all_ ? length_ + 1 : 1, width = walks.width();
    const auto shape = [&](std::vector<std::uint64_t> last) {
      if (all_) last.insert(last.begin(), length_ + 1);
      last.insert(last.begin(), a_.count);
      return last;
    };
    if (!a_.output.empty()) states_file_.emplace(a_.output, encoder_->type(), shape(encoder_->shape()));
    if (!a_.moves.empty()) moves_file_.emplace(a_.moves, graphs::npy_type_for(graph.generator_count() - 1), std::vector<std::uint64_t>{a_.count, length_});
    if (!a_.distance_output.empty()) distance_file_.emplace(a_.distance_output, graphs::npy_type_for(options_.distances->layers().size() - 1), shape({}));

    // A block and the text of its numbers take 16 MiB, or an eighth of the memory; one walk at least.
    const std::uint64_t budget = std::min<std::uint64_t>(std::uint64_t{16} << 20, context_.memory_bytes / 8);
    const double encoded = static_cast<double>(std::max(8 * width, encoder_->bytes()));
    const double bytes = static_cast<double>(rows) * (8.0 * static_cast<double>(width) + encoded) + 16.0 * static_cast<double>(length_);
    if (bytes > static_cast<double>(context_.memory_bytes)) throw resource_error(fmt::format("one walk takes {}: raise --memory, or take shorter ones", format_bytes(bytes)));
    const auto block = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(budget) / bytes));
    if (a_.json && a_.output.empty() && static_cast<double>(a_.count) * bytes > 16.0 * largest_document) {
      throw resource_error(fmt::format("a JSON document of more than {} labels: write an array by -o FILE.npy", largest_document));
    }
    std::vector<std::uint64_t> states(std::min(block, a_.count) * rows * width);
    std::vector<std::uint32_t> moves(walks.has_steps() && !a_.moves.empty() ? std::min(block, a_.count) * length_ : 0);
    for (std::uint64_t first = 0; first < a_.count; first += block) {
      const auto n = std::min(block, a_.count - first);
      line_.show(fmt::format("{} of {} walks", first, a_.count));
      const auto some_states = std::span(states).first(n * rows * width);
      const auto some_moves = std::span(moves).first(moves.empty() ? 0 : n * length_);
      walks.sample(first, n, all_ ? search::random_walks::keep::all : search::random_walks::keep::end, some_states, some_moves, context_);
      put(graph, some_states, some_moves, rows, width);
    }
    line_.clear();
    for (auto* file : {&states_file_, &moves_file_, &distance_file_}) {
      if (*file) (*file)->commit();
    }
    finish(graph);
  }

  void put(const graphs::graph_definition& graph, std::span<const std::uint64_t> states, std::span<const std::uint32_t> moves, std::uint64_t rows, std::uint64_t width) {
    std::vector<std::uint64_t> distances;
    const bool in_lines = states_file_ == std::nullopt;
    if (options_.distances != nullptr && (distance_file_ || in_lines)) {
      for (std::size_t at = 0; at < states.size(); at += width) {
        if (at % (width * 1024) == 0) context_.check();
        distances.push_back(*options_.distances->distance({states.begin() + static_cast<std::ptrdiff_t>(at), states.begin() + static_cast<std::ptrdiff_t>(at + width)}));
      }
    }
    if (states_file_) states_file_->append_states(*encoder_, states);
    if (moves_file_) moves_file_->append(moves);
    if (distance_file_) distance_file_->append(std::span<const std::uint64_t>(distances));
    if (!in_lines) return;
    std::string text;
    for (std::size_t row = 0; row < states.size() / width; ++row) {
      const auto from = states.begin() + static_cast<std::ptrdiff_t>(row * width);
      const graphs::state s(from, from + static_cast<std::ptrdiff_t>(width));
      if (a_.json) {
        states_json_.push_back(state_json(graph, s, a_.graph.first_point()));
        if (!distances.empty()) distances_json_.push_back(distances[row]);
        continue;
      }
      if (all_ && row % rows == 0 && (row > 0 || walks_shown_)) text += '\n';  // between walks
      text += to_string(graph, s, a_.graph.first_point());
      if (!distances.empty()) text += fmt::format("   {}", distances[row]);
      text += '\n';
    }
    walks_shown_ = true;
    if (!text.empty()) line_.clear(), write_to_stdout(text);
  }

  /// What was written, in a line each, or the document.
  void finish(const graphs::graph_definition& graph) {
    if (!a_.json) {
      std::string text;
      for (auto* file : {&states_file_, &moves_file_, &distance_file_}) {
        if (*file) text += (*file)->line();
      }
      if (states_file_ && !a_.quiet) write_to_stdout(text);
      return;
    }
    ordered_json result{{"status", "exact"}, {"kind", a_.kind}, {"count", count_json(a_.count)}, {"length", length_}, {"seed", std::to_string(a_.graph.seed)}};
    const auto add = [&](const char* key, const std::optional<npy_output>& file) {
      if (file) result[key] = file->json();
    };
    add("states", states_file_);
    if (states_file_) result["states"]["encoding"] = to_string(encoding_);
    add("moves", moves_file_), add("distances", distance_file_);
    if (!states_file_) result["states"] = std::move(states_json_);
    if (!distances_json_.empty()) result["distances"] = std::move(distances_json_);
    const ordered_json document{{"schema", "cosetta.walks/1"},
                                {"graph", graph_json(graph, a_.graph.first_point(), false)},
                                {"result", std::move(result)},
                                {"run", {{"threads", context_.threads}, {"version", version}, {"command", command_line_}}}};
    write_to_stdout(json_text(document));
  }

  static constexpr double largest_document = 1 << 22;

  const walks_arguments& a_;
  std::string command_line_;
  std::uint64_t length_ = 0;
  bool all_ = false;
  graphs::state_encoding encoding_ = graphs::state_encoding::labels;
  std::optional<graphs::state_encoder> encoder_;
  search::walk_options options_;
  search::run_context context_;
  std::optional<npy_output> states_file_, moves_file_, distance_file_;
  ordered_json states_json_ = ordered_json::array(), distances_json_ = ordered_json::array();
  bool walks_shown_ = false;
  status_line line_;
};

}  // namespace

void add_walks_command(CLI::App& app, invocation& call) {
  auto* verb = app.add_subcommand("walks", "random walks, and uniformly random states");
  const auto a = std::make_shared<walks_arguments>();
  add_graph_arguments(*verb, a->graph);
  verb->get_option("--seed")->description("of the walks, and of random families");
  verb->add_option("--count", a->count, "how many")->check(check_natural)->required();
  verb->add_option("--length", a->length, "steps of a walk, or radius of the sphere")->check(check_natural);
  verb->add_option("--kind", a->kind, "classic; non_backtracking: never the inverse of the last generator; group: uniform in the group; sphere: uniform at distance --length")
      ->capture_default_str();
  verb->add_option("--states", a->states, "end: the last of each walk; all: each, the central state first")->capture_default_str();
  verb->add_option("-o,--output", a->output, "write the states to this .npy file: count x labels, or count x (length + 1) x labels");
  verb->add_option("--encode", a->encode, "states in this file: labels; lehmer: for each position, smaller labels to its right; one_hot: rows of 0 and 1")->capture_default_str();
  verb->add_option("--moves", a->moves, "write the steps to this .npy file: count x length numbers of generators, from 0");
  verb->add_option("--distances", a->distances, "a table of true distances, of `growth --save-distances`");
  verb->add_option("--distance-output", a->distance_output, "write the distance of each state to this .npy file");
  add_limit_arguments(*verb, a->limits);
  verb->add_option("--backend", a->backend, "cpu, or cuda for walks of permutations; they change nothing in the output")->capture_default_str();
  verb->add_flag("--json", a->json, "a JSON document instead of lines");
  verb->add_flag("-q,--quiet", a->quiet, "do not list the files that were written");
  verb->footer(
      "Step j of walk i depends on the seed, i and j only (Philox4x32-10). Without -o each state is a line, with its distance where\n"
      "--distances gives it. The length of a walk is not the distance of its end. Files are written whole or not at all.\n\n"
      "Examples:\n"
      "  cosetta walks lrx:8 --count 3 --length 20\n"
      "  cosetta walks lrx:16 --count 10000 --length 120 --kind non_backtracking -o walks.npy --moves moves.npy\n"
      "  cosetta walks lrx:16 --count 1000 --length 120 -o one_hot.npy --encode one_hot\n"
      "  cosetta walks rubik_cube:2 --count 5 --kind group --seed 7 --json\n"
      "  cosetta growth lrx:9 --save-distances lrx9.distances && cosetta walks lrx:9 --count 4 --length 30 --kind sphere --distances lrx9.distances\n"
      "  cosetta walks lrx:5 --count 2 --length 3 --states all");
  verb->callback([a, &call] { call.action = [a, &call] { return walks_run(*a, call.command_line).run(); }; });
}

}  // namespace cosetta::tools
