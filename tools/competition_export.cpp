#include <graphs/csv.hpp>
#include <kernels/error.hpp>
#include <tools/competition_export.hpp>
#include <tools/output_stream.hpp>
#include <tools/render.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace cosetta::tools {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;
using search::walk_kind;

/// A folder under another name, which goes away unless it is committed.
class folder_in_making {
 public:
  explicit folder_in_making(std::string folder) : folder_(std::move(folder)) {
    std::error_code status;
    if (fs::exists(fs::symlink_status(folder_, status))) throw domain_error(fmt::format("{}: exists already: name a new folder, or remove it", folder_));
    check_writable(folder_);
    temporary_ = fmt::format("{}.{}.part", folder_, getpid());
    if (!fs::create_directory(temporary_, status)) throw backend_error(fmt::format("{}: cannot be made", temporary_));
  }
  folder_in_making(const folder_in_making&) = delete;
  folder_in_making& operator=(const folder_in_making&) = delete;
  ~folder_in_making() {
    std::error_code ignored;
    if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
  }
  std::string file(const std::string& name) const { return (fs::path(temporary_) / name).string(); }
  void write(const std::string& name, std::string_view text) const {
    output_stream out(file(name));
    out.write(text);
    out.commit();
  }
  void commit() {
    std::error_code status;
    fs::rename(temporary_, folder_, status);
    if (status) throw backend_error(fmt::format("{}: cannot be made: {}", folder_, status.message()));
    temporary_.clear();
  }

 private:
  std::string folder_, temporary_;
};

/// How the moves of a graph are called in the files. Santa lists one of f and f^-1, and calls the other -f.
class move_names {
 public:
  move_names(const graphs::graph_definition& graph, competition_format format) : inverses_(graph.permutations()->inverse_indices()) {
    const bool santa = format == competition_format::santa2023;
    const auto& names = graph.names();
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (santa && !inverses_[i]) {
        throw domain_error(fmt::format("{}: {} has no inverse among the generators, and the format santa2023 implies one: add --inverse-closed, or take --format cayleypy", graph.spec(), names[i]));
      }
      const bool listed = !santa || *inverses_[i] >= i || !listed_.contains(*inverses_[i]);
      if (listed) {
        check_name(graph.spec(), names[i], santa);
        listed_.insert(i);
      }
      names_.push_back(listed ? names[i] : "-" + names[*inverses_[i]]);
    }
  }
  const std::string& name(std::size_t move) const { return names_[move]; }
  const std::set<std::size_t>& listed() const { return listed_; }
  std::optional<std::size_t> inverse(std::size_t move) const { return inverses_[move]; }

 private:
  static void check_name(const std::string& spec, const std::string& name, bool santa) {
    const bool bad = name.empty() || name == unsolved || name.find_first_of(santa ? ".'\" \t\n\r\\" : ". \t\n\r") != std::string::npos || (santa && name.starts_with('-'));
    if (bad) throw domain_error(fmt::format("{}: a generator called '{}' cannot be written in the words of this format: rename it", spec, name));
  }

  std::vector<std::optional<std::size_t>> inverses_;
  std::vector<std::string> names_;
  std::set<std::size_t> listed_;
};

class exporter {
 public:
  exporter(const graphs::graph_definition& graph, const export_options& o, const search::run_context& context)
      : graph_(checked(graph, o)), o_(o), context_(context), names_(graph, o.format), folder_(o.folder), key_(o.key) {
    const std::set<std::uint64_t> labels(graph.central().begin(), graph.central().end());
    colours_ = labels.size() < graph.degree() && *labels.rbegin() < 26;
  }

  void run() {
    write_puzzle();
    write_rows();
    write_train();
    folder_.write("README.md", readme());
    const ordered_json made{{"command", o_.command_line}, {"graph", graph_.spec()}, {"kind", to_string(o_.walks.kind)}, {"seed", std::to_string(o_.walks.seed)}};
    key_.write("made.json", made.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
    key_.commit();
    try {
      folder_.commit();
    } catch (...) {
      std::error_code ignored;
      fs::remove_all(o_.key, ignored);
      throw;
    }
  }

 private:
  static const graphs::graph_definition& checked(const graphs::graph_definition& graph, const export_options& o) {
    if (graph.permutations() == nullptr) throw domain_error(graph.spec() + ": a competition needs moves that are permutations");
    if (o.format == competition_format::santa2023 && o.name.find('#') != std::string::npos) {
      throw domain_error(fmt::format("--name {}: a puzzle type with '#' cannot be asked for, as FOLDER#TYPE, by those who read the folder: leave '#' out", o.name));
    }
    if (o.format == competition_format::permutation) {
      for (std::size_t i = 0; i < graph.degree(); ++i) {
        if (graph.central()[i] != i) throw domain_error(graph.spec() + ": --format permutation solves to 0,1,2,...: take --format cayleypy for other central states");
      }
    }
    return graph;
  }
  bool santa() const { return o_.format == competition_format::santa2023; }
  bool is_walk() const { return o_.walks.kind == walk_kind::classic || o_.walks.kind == walk_kind::non_backtracking; }

  /// "A;B;A" where labels are 0..25 and some occur twice, otherwise "N0;N1;N2"; for the other formats "0,1,2".
  std::string state_text(std::span<const std::uint64_t> s) const {
    if (!santa()) return fmt::format("{}", fmt::join(s, ","));
    std::string out;
    for (const auto label : s) {
      if (!out.empty()) out += ';';
      out += colours_ ? std::string(1, static_cast<char>('A' + label)) : fmt::format("N{}", label);
    }
    return out;
  }

  void write_puzzle() {
    const auto& set = *graph_.permutations();
    if (santa()) {
      std::string moves;
      for (const auto m : names_.listed()) moves += fmt::format("{}'{}': [{}]", moves.empty() ? "" : ", ", names_.name(m), fmt::join(set[m].images(), ", "));
      folder_.write("puzzle_info.csv", fmt::format("puzzle_type,allowed_moves\n{},\"{{{}}}\"\n", graphs::csv_field(o_.name), moves));
      return;
    }
    ordered_json generators = ordered_json::object();
    for (std::size_t m = 0; m < set.size(); ++m) generators[names_.name(m)] = set[m].images();
    const ordered_json info{{"name", o_.name}, {"central_state", graph_.central()}, {"generators", std::move(generators)}};
    folder_.write("puzzle_info.json", json_text(info));
  }

  std::string comment() const {
    if (o_.walks.kind == walk_kind::group) return "uniform";
    return fmt::format("{}, len={}", is_walk() ? "generated rw" : "uniform at distance", o_.walks.length);
  }

  /// The rows in blocks that take some megabytes.
  void write_rows() {
    const auto n = graph_.degree();
    const bool permutation = o_.format == competition_format::permutation;
    const search::random_walks walks(graph_, o_.walks, context_);
    output_stream test(folder_.file(santa() ? "puzzles.csv" : "test.csv")), sample(folder_.file("sample_submission.csv")), key(key_.file("key.csv"));
    test.write(santa() ? "id,puzzle_type,solution_state,initial_state,num_wildcards\n" : permutation ? "id,n,permutation\n" : "initial_state_id,initial_state,comment\n");
    sample.write(fmt::format("{}\n", fmt::join(submission_columns(o_.format), ",")));
    const auto* table = o_.walks.distances;
    key.write(fmt::format("{}{}{}\n", submission_columns(o_.format).front(), is_walk() ? ",walk,walk_length,path" : "", table != nullptr ? ",distance" : ""));
    const auto solution = state_text(graph_.central());
    const std::uint64_t block = std::max<std::uint64_t>(1, (std::uint64_t{1} << 20) / (n + o_.walks.length));
    std::vector<std::uint64_t> states(std::min(block, o_.count) * n);
    std::vector<std::uint32_t> moves(is_walk() ? std::min(block, o_.count) * o_.walks.length : 0);
    for (std::uint64_t first = 0; first < o_.count; first += block) {
      const auto rows = std::min(block, o_.count - first);
      const auto some_states = std::span(states).first(rows * n);
      const auto some_moves = std::span(moves).first(is_walk() ? rows * o_.walks.length : 0);
      walks.sample(first, rows, search::random_walks::keep::end, some_states, some_moves, context_);
      for (std::uint64_t i = 0; i < rows; ++i) {
        const auto s = std::span<const std::uint64_t>(some_states).subspan(i * n, n);
        const auto id = first + i;
        puzzle_row row;
        row.id = std::to_string(id);
        row.given = state_text(s);
        test.write(santa()       ? fmt::format("{},{},{},{},{}\n", id, graphs::csv_field(o_.name), solution, row.given, o_.wildcards)
                   : permutation ? fmt::format("{},{},{}\n", id, n, graphs::csv_field(row.given))
                                 : fmt::format("{},{},{}\n", id, graphs::csv_field(row.given), graphs::csv_field(comment())));
        sample.write(submission_row(o_.format, row, santa() ? names_.name(0) : std::string(unsolved)));
        key.write(row.id);
        if (is_walk()) write_walk(key, some_moves.subspan(i * o_.walks.length, o_.walks.length));
        if (table != nullptr) key.write(fmt::format(",{}", *table->distance({s.begin(), s.end()})));
        key.write("\n");
      }
    }
    test.commit(), sample.commit(), key.commit();
  }

  /// The walk from the central state, and back: its inverse, where all inverses are generators.
  void write_walk(output_stream& key, std::span<const std::uint32_t> moves) const {
    std::string there, back;
    bool all = true;
    for (const auto m : moves) there += (there.empty() ? "" : ".") + names_.name(m);
    for (auto m = moves.rbegin(); m != moves.rend() && all; ++m) {
      const auto inverse = names_.inverse(*m);
      all = inverse.has_value();
      if (all) back += (back.empty() ? "" : ".") + names_.name(*inverse);
    }
    key.write(fmt::format(",{},{},{}", graphs::csv_field(there), moves.size(), all ? graphs::csv_field(back) : ""));
  }

  void write_train() {
    if (o_.train == 0) return;
    const auto n = graph_.degree();
    const auto* table = o_.walks.distances;
    // Walks after those of the rows: none is given away.
    const search::random_walks walks(graph_, {walk_kind::non_backtracking, o_.train_length, o_.walks.seed, nullptr}, context_);
    const graphs::state_encoder encoder(graph_, o_.train_encoding);
    const auto lengths = graphs::npy_type_for(o_.train_length);
    output_stream states(folder_.file("train_states.npy")), steps(folder_.file("train_walk_lengths.npy")), rows(folder_.file("train.csv"));
    std::optional<output_stream> distances;
    const auto depths = graphs::npy_type_for(table != nullptr ? table->layers().size() : 0);
    auto shape = encoder.shape();
    shape.insert(shape.begin(), o_.train);
    states.write(graphs::npy_header(encoder.type(), shape));
    steps.write(graphs::npy_header(lengths, std::vector<std::uint64_t>{o_.train}));
    if (table != nullptr) distances.emplace(folder_.file("train_distances.npy")).write(graphs::npy_header(depths, std::vector<std::uint64_t>{o_.train}));
    rows.write(fmt::format("state,walk_length{}\n", table != nullptr ? ",distance" : ""));
    const std::uint64_t per_walk = (o_.train_length + std::uint64_t{1}) * n;
    const std::uint64_t block = std::max<std::uint64_t>(1, (std::uint64_t{1} << 21) / per_walk);
    std::vector<std::uint64_t> all(std::min(block, o_.train) * per_walk);
    std::string text;
    const auto put = [&](output_stream& out, graphs::npy_type type, std::span<const std::uint64_t> numbers) {
      text.clear();
      graphs::append_npy(text, type, numbers);
      out.write(text);
    };
    for (std::uint64_t first = 0; first < o_.train; first += block) {
      const auto count = std::min(block, o_.train - first);
      walks.sample(o_.count + first, count, search::random_walks::keep::all, std::span(all).first(count * per_walk), {}, context_);
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t length = 1 + (first + i) % o_.train_length;
        const auto s = std::span<const std::uint64_t>(all).subspan(i * per_walk + length * n, n);
        text.clear();
        encoder.append(text, s);
        states.write(text);
        put(steps, lengths, std::span(&length, 1));
        std::string row = fmt::format("{},{}", graphs::csv_field(state_text(s)), length);
        if (table != nullptr) {
          const auto d = *table->distance({s.begin(), s.end()});
          put(*distances, depths, std::span(&d, 1));
          row += fmt::format(",{}", d);
        }
        rows.write(row + "\n");
      }
    }
    states.commit(), steps.commit(), rows.commit();
    if (distances) distances->commit();
  }

  std::string readme() const {
    const bool s = santa();
    const auto columns = submission_columns(o_.format);
    std::string out = fmt::format("# {}\n\nTake each state to the solution by as few moves as you can.\n\n## Files\n\n", o_.name);
    out += s ? "- `puzzle_info.csv`: the moves of the puzzle. For each move `f` there is `-f`, its inverse.\n- `puzzles.csv`: the rows to solve; labels of states are joined by `;`.\n"
             : "- `puzzle_info.json`: the central state, which is the solution, and the moves.\n- `test.csv`: the rows to solve.\n";
    out += "- `sample_submission.csv`: the form of a submission; its words solve nothing.\n";
    if (o_.train > 0) {
      out += fmt::format("- `train_states.npy`, `train_walk_lengths.npy`, and both in `train.csv`: ends of non-backtracking random walks of 1 to {} moves from the\n  solution. The length of a walk is not the distance: it is never less.\n", o_.train_length);
      if (o_.train_encoding == graphs::state_encoding::lehmer) out += "  Of `train_states.npy`, digit i of a row counts the positions to the right of i that hold a smaller label (Lehmer code).\n";
      if (o_.train_encoding == graphs::state_encoding::one_hot) out += "  In `train_states.npy`, entry i, v of a state is 1 where position i holds label v, otherwise 0.\n";
      if (o_.walks.distances != nullptr) out += "- `train_distances.npy` and a column of `train.csv`: the least number of moves from the solution to the state, exactly.\n";
    }
    out += fmt::format("\n## Rules\n\n- A move `p`, an array, changes a state to `new[i] = old[p[i]]`, points counted from 0.\n"
                       "- A submission is a CSV file with the columns `{}`, one row for each row to solve. `{}` holds moves joined by dots,\n"
                       "  applied left to right: `{}.{}`.\n",
                       fmt::join(columns, ","), columns.back(), names_.name(0), names_.name(graph_.generator_count() - 1));
    out += s ? fmt::format("- A row is solved when at most `num_wildcards` labels differ from `solution_state`. An empty word is not valid.\n")
             : "- A row is solved when the word takes its state to the central state; the empty word solves a solved state.\n";
    out += "- One row that is missing, given twice, not solved, or that has an unknown move makes a submission invalid.\n"
           "- The score is the number of all moves; lower is better.\n\n";
    out += fmt::format("{} rows, {} labels, {} moves{}. `cosetta dataset score FOLDER SUBMISSION` says what a submission is worth.\n", o_.count, graph_.degree(), graph_.generator_count(),
                       graph_.is_inverse_closed() ? "" : ", which cannot all be undone by one move");
    return out;
  }

  const graphs::graph_definition& graph_;
  const export_options& o_;
  const search::run_context& context_;
  move_names names_;
  bool colours_ = false;
  folder_in_making folder_, key_;
};

}  // namespace

void export_competition(const graphs::graph_definition& graph, const export_options& options, const search::run_context& context) {
  exporter(graph, options, context).run();
}

}  // namespace cosetta::tools
