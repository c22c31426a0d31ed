// What the verbs of groups share: one call, its answer as it grows, and how numbers and lists of points are written.
#pragma once

#include <kernels/error.hpp>
#include <tools/group_source.hpp>
#include <tools/render.hpp>
#include <tools/table.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

using groups::permutation_group;
using nlohmann::ordered_json;

/// One call of a verb: the group, the clock, and the answer as it grows. A verb says each thing in all forms, and the
/// chosen one is kept: text(), columns() and row() of the tables, result() of the JSON document. Text and rows leave as
/// they come. When the time limit or Ctrl-C ends the work, what is complete is the answer.
class group_call {
 public:
  group_call(const group_arguments& arguments, std::string command_line) : arguments_(arguments), command_line_(std::move(command_line)), format_(arguments.output.chosen()) {
    arguments.output.check_writable();
    if (format_ != output_format::text && format_ != output_format::json) table_.emplace(format_);
    source_.emplace(arguments, stop_.get_token(), [this](const groups::chain_progress& p) { show(p); });
    guard_.emplace();  // not before stdin is read: Ctrl-C ends that at once
    forward_.emplace(guard_->token(), [this] { stop_.request_stop(); });
  }

  const group_source& source() const { return *source_; }
  output_format format() const noexcept { return format_; }
  bool json() const noexcept { return format_ == output_format::json; }
  groups::point first_point() const { return arguments_.graph.first_point(); }

  void text(std::string_view text) {
    if (format_ == output_format::text) put(text);
  }
  /// The names of the columns; later calls change nothing.
  void columns(const std::vector<std::string>& names) {
    if (table_ && !headed_) put(table_->head(names, command_line_));
    headed_ = true;
  }
  void row(const std::vector<std::string>& cells) {
    if (table_) put(table_->row(cells));
  }
  ordered_json& result() noexcept { return result_; }
  /// Lets out what there is, before the next long step; a file is written whole, at the end.
  void flush() {
    if (!arguments_.output.file.empty() || waiting_.empty()) return;
    line_.clear();
    arguments_.output.write(waiting_);
    waiting_.clear();
  }

  /// The order, and with it the chain; what follows is not set-up any more.
  const mpz_class& ready() {
    const auto& order = source_->order();
    proven_ = source_->proof() == groups::certainty::proven;
    set_up();
    return order;
  }
  void set_up() { setup_seconds_ = seconds(); }
  void check() const { source_->control().check(); }

  /// Runs `body`, which returns the exit code, and writes the answer.
  template <class Body>
  int run(const Body& body) {
    int code = answered;
    bool stopped = false;
    try {
      code = body();
    } catch (const groups::stopped_error&) {
      stopped = true;
    }
    line_.clear();
    if (json()) {
      ordered_json result = {{"status", stopped ? "interrupted" : proven_ ? "exact" : "monte_carlo"}};
      if (result_.is_object()) result.update(result_);
      ordered_json run = {{"seconds", seconds()}};
      if (setup_seconds_) run["setup_seconds"] = *setup_seconds_;
      run.update({{"threads", 1}, {"version", version}, {"command", command_line_}});
      const ordered_json document = {{"schema", "cosetta.group/1"},
                                     {"graph", graph_json(source_->graph(), first_point(), false)},
                                     {"result", std::move(result)},
                                     {"run", std::move(run)}};
      waiting_ = json_text(document);
    } else if (table_ && headed_) {
      waiting_ += table_->foot();
    }
    if (!waiting_.empty() || !arguments_.output.file.empty()) arguments_.output.write(waiting_);
    if (!stopped) return code;
    const bool by_hand = guard_->token().stop_requested();
    if (!arguments_.output.quiet) {
      print_error_line(by_hand ? "cosetta: interrupted: the answer holds what was complete" : "cosetta: the time limit was reached, the answer holds what was complete: raise --time");
    }
    return by_hand ? interrupted : limit_reached;
  }

 private:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count(); }

  /// To stdout in pieces, ten times a second.
  void put(std::string_view text) {
    waiting_ += text;
    const auto now = std::chrono::steady_clock::now();
    if (waiting_.size() < (1U << 16) && now < next_) return;
    next_ = now + std::chrono::milliseconds(100);
    flush();
  }
  void show(const groups::chain_progress& p) {
    if (arguments_.output.quiet) return;
    line_.show(fmt::format("{}: {} levels, order {} 2^{:.0f}, {} elements sifted", p.proving ? "proving" : "stabilizer chain", p.levels,
                           p.proving ? "about" : "at least", p.log2_order, p.elements));
  }

  const group_arguments& arguments_;
  std::string command_line_;
  output_format format_;
  std::optional<table_format> table_;
  bool headed_ = false;
  bool proven_ = true;
  std::string waiting_;
  ordered_json result_ = ordered_json::object();
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point next_ = begin_ + std::chrono::milliseconds(100);
  std::optional<double> setup_seconds_;
  std::stop_source stop_;
  status_line line_;
  std::optional<group_source> source_;
  std::optional<interrupt_guard> guard_;
  std::optional<std::stop_callback<std::function<void()>>> forward_;
};

/// "1 point", "3 points".
template <class Number>
std::string counted(const Number& n, std::string_view what) {
  const auto text = fmt::format("{}", n);
  return fmt::format("{} {}{}", text, what, text == "1" ? "" : what.ends_with('s') ? "es" : "s");
}

inline std::string_view proof_name(groups::certainty c) {
  return c == groups::certainty::proven ? "proven" : "monte_carlo";
}

/// Marks what was not proven, in text.
inline std::string marked(const std::string& text, groups::certainty c) {
  return c == groups::certainty::proven ? text : text + "  monte_carlo";
}

/// "3 orbits, of lengths 8 x 3, 24".
inline std::string lengths_text(std::vector<std::uint64_t> lengths) {
  std::sort(lengths.begin(), lengths.end());
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < lengths.size();) {
    std::size_t same = i;
    while (same < lengths.size() && lengths[same] == lengths[i]) ++same;
    parts.push_back(same - i == 1 ? fmt::format("{}", lengths[i]) : fmt::format("{} x {}", same - i, lengths[i]));
    i = same;
  }
  if (parts.size() > 12) parts.resize(12), parts.push_back("...");
  return fmt::format("{}, of length{} {}", lengths.size(), lengths.size() == 1 ? "" : "s", fmt::join(parts, ", "));
}

inline std::vector<std::uint64_t> lengths_of(const std::vector<std::vector<groups::point>>& orbits) {
  std::vector<std::uint64_t> out;
  for (const auto& o : orbits) out.push_back(o.size());
  return out;
}

/// The first point of a list in text form.
inline std::string points_text(const std::vector<groups::point>& points, groups::point first_point) {
  constexpr std::size_t most = 64;
  std::vector<std::uint64_t> shown;
  for (std::size_t i = 0; i < std::min(points.size(), most); ++i) shown.push_back(std::uint64_t{points[i]} + first_point);
  return fmt::format("[{}{}]", fmt::join(shown, ","), points.size() > most ? fmt::format(",... {} in all", points.size()) : "");
}

inline std::vector<std::vector<std::uint64_t>> shifted(const std::vector<std::vector<groups::point>>& lists, groups::point first_point) {
  std::vector<std::vector<std::uint64_t>> out;
  for (const auto& list : lists) {
    auto& row = out.emplace_back();
    for (const auto p : list) row.push_back(std::uint64_t{p} + first_point);
  }
  return out;
}

/// All of them, for tables.
inline std::string all_points(const std::vector<groups::point>& points, groups::point first_point) {
  return fmt::format("{}", fmt::join(shifted({points}, first_point)[0], " "));
}

/// Adds a verb that needs nothing but the group.
template <class Run>
void add_plain(CLI::App& noun, invocation& call, const char* name, const char* meaning, const char* examples, const Run& run,
               const char* formats = "text, json, csv, latex, markdown") {
  auto* verb = noun.add_subcommand(name, meaning);
  const auto a = std::make_shared<group_arguments>();
  add_group_arguments(*verb, *a, formats);
  verb->footer(examples);
  verb->callback([=, &call] { call.action = [=, &call] { return run(*a, call.command_line); }; });
}

// Each adds one verb.
void add_group_info(CLI::App& noun, invocation& call);
void add_group_order(CLI::App& noun, invocation& call);
void add_group_contains(CLI::App& noun, invocation& call);
void add_group_factor(CLI::App& noun, invocation& call);
void add_group_random(CLI::App& noun, invocation& call);
void add_group_orbits(CLI::App& noun, invocation& call);
void add_group_blocks(CLI::App& noun, invocation& call);
void add_group_classes(CLI::App& noun, invocation& call);
void add_group_series(CLI::App& noun, invocation& call);

}  // namespace cosetta::tools
