#include <graphs/csv.hpp>
#include <graphs/file_formats.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>
#include <tools/competition.hpp>
#include <tools/invocation.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cosetta::tools {

namespace {

constexpr std::array competition_formats{std::pair{competition_format::santa2023, std::string_view("santa2023")}, std::pair{competition_format::cayleypy, std::string_view("cayleypy")},
                                         std::pair{competition_format::permutation, std::string_view("permutation")}};

/// A table with a header: fields by the names of their columns, in any order.
class table_reader {
 public:
  table_reader(std::string_view text, const std::string& name) : rows_(text, name), name_(name) {
    if (!rows_.next(header_)) throw parse_error(fmt::format("{}:1: an empty file: expected a header", name));
  }
  bool next() {
    if (!rows_.next(fields_)) return false;
    if (fields_.size() != header_.size()) fail(fmt::format("{} fields instead of {}", fields_.size(), header_.size()));
    return true;
  }
  bool has(std::string_view column) const { return std::find(header_.begin(), header_.end(), column) != header_.end(); }
  const std::string& at(std::string_view column) const {
    return fields_[static_cast<std::size_t>(std::find(header_.begin(), header_.end(), column) - header_.begin())];
  }
  void require(std::initializer_list<std::string_view> columns) const {
    for (const auto column : columns) {
      if (!has(column)) throw parse_error(fmt::format("{}:1: no column '{}': expected {}", name_, column, fmt::join(columns, ",")));
    }
  }
  std::size_t line() const { return rows_.line(); }
  [[noreturn]] void fail(const std::string& reason) const { throw parse_error(fmt::format("{}:{}: {}", name_, rows_.line(), reason)); }

 private:
  graphs::csv_reader rows_;
  std::string name_;
  std::vector<std::string> header_, fields_;
};

std::vector<std::string> split_text(std::string_view text, char separator) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == separator) {
      out.emplace_back();
    } else if (c != ' ') {
      out.back() += c;
    }
  }
  return out;
}

std::uint64_t natural(const table_reader& table, std::string_view column) {
  const auto& text = table.at(column);
  std::uint64_t value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (status != std::errc{} || end != text.data() + text.size()) table.fail(fmt::format("{} '{}' is no natural number", column, text.substr(0, 40)));
  return value;
}

/// Numbers for labels, in the order of the solution; labels that it does not have come after.
void number_labels(puzzle_row& row, const std::vector<std::string>& initial, const std::vector<std::string>& solution) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  const auto number = [&](const std::string& label) { return numbers.emplace(label, static_cast<std::uint32_t>(numbers.size())).first->second; };
  for (const auto& label : solution) row.solution.push_back(number(label));
  for (const auto& label : initial) row.initial.push_back(number(label));
}

void check_degree(const table_reader& table, std::string_view column, std::size_t labels, std::size_t degree) {
  if (labels != degree) table.fail(fmt::format("{} has {} labels, the moves have degree {}", column, labels, degree));
}

/// With `implied` each move f brings -f.
puzzle puzzle_of_graph(const graphs::graph_definition& graph, bool implied) {
  if (graph.permutations() == nullptr) throw domain_error(graph.spec() + ": a competition needs moves that are permutations");
  puzzle out;
  const auto& set = *graph.permutations();
  const auto add = [&](const std::string& name, groups::permutation p) {
    if (out.index.emplace(name, out.moves.size()).second) out.moves.add(name, std::move(p));
  };
  for (std::size_t i = 0; i < set.size(); ++i) {
    add(set.names()[i], set[i]);
    if (implied) add("-" + set.names()[i], set[i].inverse());
  }
  return out;
}

competition read_santa_folder(const std::string& folder) {
  competition c;
  c.format = competition_format::santa2023;
  c.folder = folder;
  c.test_file = (std::filesystem::path(folder) / "puzzles.csv").string();
  const auto text = read_text(c.test_file);
  table_reader table(text, c.test_file);
  table.require({"id", "puzzle_type", "solution_state", "initial_state", "num_wildcards"});
  graphs::parse_options as_listed;
  as_listed.inverses = graphs::closure::directed;
  while (table.next()) {
    puzzle_row row;
    row.line = table.line();
    row.id = table.at("id");
    row.type = table.at("puzzle_type");
    if (!c.puzzles.contains(row.type)) c.puzzles.emplace(row.type, puzzle_of_graph(graphs::parse_graph(folder + "#" + row.type, as_listed), true));
    const auto degree = c.puzzle_of(row).moves[0].degree();
    const auto solution = split_text(table.at("solution_state"), ';'), initial = split_text(table.at("initial_state"), ';');
    check_degree(table, "solution_state", solution.size(), degree);
    check_degree(table, "initial_state", initial.size(), degree);
    number_labels(row, initial, solution);
    row.wildcards = natural(table, "num_wildcards");
    row.given = table.at("initial_state");
    c.rows.push_back(std::move(row));
  }
  return c;
}

/// puzzle_info.json, of one graph, or graphs_info.json, of several that differ in degree.
std::vector<std::pair<std::string, graphs::graph_definition>> graphs_of_folder(const std::string& folder) {
  const auto file = std::filesystem::path(folder) / "graphs_info.json";
  std::error_code status;
  if (std::filesystem::exists(std::filesystem::path(folder) / "puzzle_info.json", status) || !std::filesystem::exists(file, status)) return {{"", graphs::parse_graph(folder)}};
  return graphs::read_json_graphs(read_text(file.string()), file.string());
}

competition read_json_folder(const std::string& folder) {
  competition c;
  c.folder = folder;
  c.test_file = (std::filesystem::path(folder) / "test.csv").string();
  std::map<std::size_t, std::vector<const std::pair<std::string, graphs::graph_definition>*>> by_degree;
  const auto all = graphs_of_folder(folder);
  for (const auto& named : all) {
    c.puzzles.emplace(named.first, puzzle_of_graph(named.second, false));
    by_degree[named.second.degree()].push_back(&named);
  }
  const auto text = read_text(c.test_file);
  table_reader table(text, c.test_file);
  const bool permutations = table.has("permutation");
  c.format = permutations ? competition_format::permutation : competition_format::cayleypy;
  const std::string_view state_column = permutations ? "permutation" : "initial_state";
  const std::string_view id_column = table.has("initial_state_id") ? "initial_state_id" : "id";
  table.require({id_column, state_column});
  while (table.next()) {
    puzzle_row row;
    row.line = table.line();
    row.id = table.at(id_column);
    row.given = table.at(state_column);
    auto initial = split_text(row.given, ',');
    if (initial.front().starts_with('[')) initial.front().erase(0, 1);
    if (initial.back().ends_with(']')) initial.back().pop_back();
    if (all.size() == 1) check_degree(table, state_column, initial.size(), all[0].second.degree());
    const auto found = by_degree.find(initial.size());
    if (found == by_degree.end()) table.fail(fmt::format("{} has {} labels, and no graph of the folder has that degree", state_column, initial.size()));
    if (found->second.size() > 1) table.fail(fmt::format("{} has {} labels, as the graphs {} and {} have: which one is meant is not said", state_column, initial.size(), found->second[0]->first, found->second[1]->first));
    const auto& graph = found->second[0]->second;
    row.type = found->second[0]->first;
    if (table.has("n") && natural(table, "n") != graph.degree()) table.fail(fmt::format("n is {}, the moves have degree {}", table.at("n"), graph.degree()));
    std::vector<std::string> solution;
    for (const auto label : graph.central()) solution.push_back(std::to_string(label));
    number_labels(row, initial, solution);
    c.rows.push_back(std::move(row));
  }
  return c;
}

}  // namespace

std::string_view to_string(competition_format format) noexcept {
  return std::ranges::find(competition_formats, format, [](const auto& f) { return f.first; })->second;
}

competition_format competition_format_from(std::string_view name) {
  for (const auto& [format, text] : competition_formats) {
    if (text == name) return format;
  }
  throw parse_error(fmt::format("unknown --format '{}'; there are santa2023, cayleypy, permutation", name));
}

competition read_competition(const std::string& folder) {
  std::error_code status;
  const std::filesystem::path path(folder);
  if (!std::filesystem::is_directory(path, status)) throw parse_error(folder + ": no such folder");
  const bool santa = std::filesystem::exists(path / "puzzles.csv", status);
  if (!santa && !std::filesystem::exists(path / "test.csv", status)) {
    throw parse_error(folder + ": no competition: expected puzzle_info.csv and puzzles.csv, or puzzle_info.json or graphs_info.json, and test.csv");
  }
  auto c = santa ? read_santa_folder(folder) : read_json_folder(folder);
  std::unordered_map<std::string, std::size_t> lines;
  for (const auto& row : c.rows) {
    const auto [first, fresh] = lines.emplace(row.id, row.line);
    if (!fresh) throw parse_error(fmt::format("{}:{}: id {} is that of line {}, too", c.test_file, row.line, row.id, first->second));
  }
  return c;
}

std::vector<std::string> submission_columns(competition_format format) {
  if (format == competition_format::santa2023) return {"id", "moves"};
  if (format == competition_format::cayleypy) return {"initial_state_id", "path"};
  return {"id", "permutation", "solution"};
}

std::string submission_row(competition_format format, const puzzle_row& row, std::string_view word) {
  if (format != competition_format::permutation) return fmt::format("{},{}\n", graphs::csv_field(row.id), graphs::csv_field(word));
  return fmt::format("{},{},{}\n", graphs::csv_field(row.id), graphs::csv_field(row.given), graphs::csv_field(word));
}

std::vector<std::size_t> idle_word(const puzzle& p) {
  const auto inverses = p.moves.inverse_indices();
  for (std::size_t m = 0; m < inverses.size(); ++m) {
    if (inverses[m]) return {m, *inverses[m]};
  }
  return std::vector<std::size_t>(groups::order(p.moves[0]).get_ui(), 0);
}

std::size_t wrong_labels(const puzzle_row& row, const std::vector<std::uint32_t>& state) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < state.size(); ++i) out += state[i] != row.solution[i];
  return out;
}

std::string word_text(const puzzle& p, const std::vector<std::size_t>& word) {
  std::string out;
  for (const auto m : word) out += (out.empty() ? "" : ".") + p.moves.names()[m];
  return out;
}

std::vector<std::uint32_t> moved(const puzzle& p, const std::vector<std::size_t>& word, std::vector<std::uint32_t> state) {
  auto next = state;
  for (const auto m : word) {
    const auto& move = p.moves[m];
    for (std::size_t i = 0; i < state.size(); ++i) next[i] = state[move[i]];
    state.swap(next);
  }
  return state;
}

namespace {

/// One submitted row against what it is to solve; the number of moves, or why not.
std::variant<std::uint64_t, std::string> score_row(const competition& c, const puzzle_row& row, const std::string& text) {
  const auto& p = c.puzzle_of(row);
  if (text == unsolved) return std::string("not solved");
  if (text.empty() && c.format == competition_format::santa2023) return std::string("an empty word is not valid");
  std::vector<std::size_t> word;
  const bool dots = c.format == competition_format::santa2023 || p.index.contains(text) || text.find('.') != std::string::npos;
  if (auto run = dots ? std::nullopt : groups::parse_run(text, p.moves.names())) {
    word = std::move(*run);
  } else if (!text.empty()) {
    std::size_t at = 0;
    for (std::size_t from = 0; from <= text.size(); ++at) {
      const auto end = std::min(text.find('.', from), text.size());
      const auto name = text.substr(from, end - from);
      const auto found = p.index.find(name);
      if (found == p.index.end()) return fmt::format("move {} is '{}', which is no move{}{}", at + 1, name.substr(0, 40), row.type.empty() ? "" : " of ", row.type);
      word.push_back(found->second);
      from = end + 1;
    }
  }
  const auto state = moved(p, word, row.initial);
  const auto wrong = wrong_labels(row, state);
  if (wrong <= row.wildcards) return std::uint64_t{word.size()};
  return fmt::format("not solved: after {} move{} {} of {} labels are wrong, {} may be", word.size(), word.size() == 1 ? "" : "s", wrong, state.size(), row.wildcards);
}

std::string without_spaces(std::string text) {
  std::erase(text, ' ');
  return text;
}

}  // namespace

score_report score_submission(const competition& c, std::string_view submission, const std::string& name) {
  const auto columns = submission_columns(c.format);
  graphs::csv_reader rows(submission, name);
  std::vector<std::string> header, fields;
  const auto expected = [&] { return parse_error(fmt::format("{}:1: expected the columns {}", name, fmt::join(columns, ","))); };
  if (!rows.next(header)) throw expected();
  const auto column = [&](const std::string& title) { return static_cast<std::size_t>(std::find(header.begin(), header.end(), title) - header.begin()); };
  const bool by_state = c.format == competition_format::permutation && column("id") == header.size();
  const std::size_t key = by_state ? column("permutation") : column(columns.front()), word = column(columns.back());
  if (key == header.size() || word == header.size() || (c.format == competition_format::santa2023 && header != columns)) throw expected();
  const auto state = c.format == competition_format::permutation && !by_state ? column("permutation") : header.size();

  std::unordered_map<std::string, std::vector<std::size_t>> wanted;  // a state may be there more than once
  for (std::size_t i = 0; i < c.rows.size(); ++i) wanted[by_state ? without_spaces(c.rows[i].given) : c.rows[i].id].push_back(i);
  std::vector<std::size_t> seen(c.rows.size());  // the line of each row
  score_report report;
  report.rows = c.rows.size();
  while (rows.next(fields)) {
    const auto reject = [&](const std::string& id, std::string reason) { report.invalid.push_back({rows.line(), id, std::move(reason)}); };
    if (fields.size() != header.size()) {
      reject(fields.front(), fmt::format("{} fields instead of {}", fields.size(), header.size()));
      if (const auto found = wanted.find(fields.front()); !by_state && key == 0 && found != wanted.end()) seen[found->second.front()] = rows.line();
      continue;
    }
    const auto found = wanted.find(by_state ? without_spaces(fields[key]) : fields[key]);
    if (found == wanted.end()) {
      reject(fields[key], "no such row in " + c.test_file);
      continue;
    }
    auto at = found->second.front();
    for (const auto i : found->second) {
      if (seen[i] == 0) {
        at = i;
        break;
      }
    }
    const auto& row = c.rows[at];
    if (seen[at] != 0) {
      reject(row.id, fmt::format("was given in line {} already", seen[at]));
      continue;
    }
    seen[at] = rows.line();
    if (state < header.size() && without_spaces(fields[state]) != without_spaces(row.given)) {
      reject(row.id, fmt::format("the permutation is not that of {}:{}", c.test_file, row.line));
      continue;
    }
    const auto outcome = score_row(c, row, fields[word]);
    if (const auto* reason = std::get_if<std::string>(&outcome)) {
      reject(row.id, *reason);
    } else {
      ++report.valid;
      report.total += std::get<std::uint64_t>(outcome);
    }
  }
  for (std::size_t i = 0; i < seen.size(); ++i) {
    if (seen[i] == 0) report.invalid.push_back({0, c.rows[i].id, fmt::format("no row for {}:{}", c.test_file, c.rows[i].line)});
  }
  return report;
}

}  // namespace cosetta::tools
