#include <kernels/error.hpp>
#include <tools/group_source.hpp>

#include <algorithm>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using nlohmann::ordered_json;

mpz_class parse_order(const std::string& text) {
  mpz_class order;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || order.set_str(text, 10) != 0 || order < 1) {
    throw parse_error(fmt::format("--known-order '{}': expected a positive decimal number", text));
  }
  return order;
}

std::variant<groups::permutation_group, groups::matrix_group<groups::matrix>> group_of(const graphs::graph_definition& graph,
                                                                                      const groups::chain_options& options) {
  if (const auto* set = graph.permutations()) return groups::permutation_group(set->elements(), graph.degree(), options);
  return groups::make_matrix_group(graph.matrices()->elements(), options);
}

groups::chain_options options_of(const group_arguments& a, std::stop_token stop,
                                 std::function<void(const groups::chain_progress&)> observer) {
  groups::chain_options options;
  if (a.monte_carlo) options.wanted = groups::certainty::monte_carlo;
  if (a.known_order) options.known_order = parse_order(*a.known_order);
  options.seed = a.graph.seed;
  options.control.stop = std::move(stop);
  if (const auto half = a.half_of_memory()) options.row_bytes = *half;
  if (a.time) options.control.deadline = std::chrono::steady_clock::now() + parse_duration(*a.time);
  options.control.observer = std::move(observer);
  return options;
}

/// Refuses a budget that does not hold the generators a few times.
void check_memory(const graphs::graph_definition& graph, const group_arguments& a) {
  const auto half = a.half_of_memory();
  if (!half) return;
  const double degree = static_cast<double>(graph.degree());
  const double element = graph.matrices() != nullptr ? degree * degree * 8 : degree * (degree <= 256 ? 1 : degree <= 65536 ? 2 : 4);
  const double least = 64.0 * 1024 + 16 * element * (static_cast<double>(graph.generator_count()) + 1);
  if (2.0 * static_cast<double>(*half) < least) {
    throw resource_error(fmt::format("--memory {}: needs at least {}", a.memory, format_bytes(least)));
  }
}

/// Points outside the degree, and points that occur twice, by the name and in the counting of the user. What is left to
/// complain about is the syntax.
void check_points(std::string_view text, std::size_t degree, groups::point first_point) {
  const bool cycles = text.starts_with('(');
  const auto blamed = [&] { return fmt::format("element '{}'", text.size() <= 60 ? std::string(text) : std::string(text.substr(0, 60)) + "..."); };
  std::vector<std::string_view> points;  // since the last bracket
  std::vector<std::string_view> outside;
  const auto close = [&] {
    auto sorted = points;
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (!outside.empty() && (cycles || points.size() == degree)) {
      throw domain_error(fmt::format("{}: point {} is outside {}..{}", blamed(), outside.front(), first_point, degree - 1 + first_point));
    }
    if (twice != sorted.end() && (cycles || points.size() == degree)) {
      throw domain_error(fmt::format("{}: point {} occurs twice{}", blamed(), *twice, cycles ? " in one cycle" : ""));
    }
    points.clear();
  };
  constexpr std::string_view digits = "0123456789";
  for (std::size_t at = 0; at < text.size();) {
    if (digits.find(text[at]) == std::string_view::npos) {
      if (text[at] == ')' || text[at] == ']') close();
      ++at;
      continue;
    }
    const auto end = std::min(text.find_first_not_of(digits, at), text.size());
    auto number = text.substr(at, end - at);
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size() - 1));
    points.push_back(number);
    if (number.size() > 10 || std::stoull(std::string(number)) < first_point || std::stoull(std::string(number)) - first_point >= degree) {
      outside.push_back(number);
    }
    at = end;
  }
  if (!cycles) close();
}

}  // namespace

std::optional<std::size_t> group_arguments::half_of_memory() const {
  if (memory == "auto") return std::nullopt;
  return parse_bytes(memory) / 2;
}

void add_group_arguments(CLI::App& verb, group_arguments& a, std::string_view formats) {
  add_graph_arguments(verb, a.graph);
  verb.get_option("--central")->group("");  // hidden: refused with a reason
  verb.get_option("--seed")->description("of random families and of random elements");
  verb.add_flag("--monte-carlo", a.monte_carlo, "skip the proof of the order: right with probability 1 - 2^-39, and marked so");
  verb.add_option("--known-order", a.known_order, "the order, if you know it: replaces the proof; a wrong one is refused");
  verb.add_option("--time", a.time, "stop after this long: 2h, 90s, 500ms");
  verb.add_option("--memory", a.memory, "memory budget: 16G, 450M; half for the stabilizer chain, half for words; auto: 768M")->capture_default_str();
  verb.add_option("--threads", a.threads, "accepted, as by every long verb; work on one group uses one thread")->capture_default_str();
  add_output_arguments(verb, a.output, formats);
}

group_source::group_source(const group_arguments& a, std::stop_token stop, std::function<void(const groups::chain_progress&)> observer)
    : options_(options_of(a, std::move(stop), std::move(observer))),
      graph_([&] {
        if (a.graph.central) throw parse_error("--central: a group does not depend on a central state; leave it out (growth and graph take it)");
        static_cast<void>(parse_threads(a.threads));
        auto graph = a.graph.read(options_.control);
        check_memory(graph, a);
        return graph;
      }()),
      first_point_(a.graph.first_point()),
      group_(group_of(graph_, options_)) {}

const mpz_class& group_source::order() const {
  return std::visit([](const auto& g) -> const mpz_class& { return g.order(); }, group_);
}
groups::certainty group_source::proof() const {
  return std::visit([](const auto& g) { return g.proof(); }, group_);
}

bool group_source::contains(const element& g) const {
  if (const auto* group = matrices()) return group->contains(std::get<groups::matrix>(g));
  return std::get<0>(group_).contains(std::get<groups::permutation>(g));
}

group_source::element group_source::random(std::mt19937_64& rng) const {
  if (const auto* group = matrices()) return group->random(rng);
  return std::get<0>(group_).random(rng);
}

const groups::permutation_group& group_source::as_permutations() const {
  if (const auto* group = std::get_if<0>(&group_)) return *group;
  if (!action_) {
    auto options = options_;
    options.wanted = proof();  // the action is faithful: its order is the group's
    options.known_order = order();
    auto images = matrices()->vector_action();
    const auto degree = images[0].degree();
    action_.emplace(std::move(images), degree, std::move(options));
  }
  return *action_;
}

groups::permutation group_source::action_of(const element& g) const {
  if (const auto* group = matrices()) return group->action_of(std::get<groups::matrix>(g));
  return std::get<groups::permutation>(g);
}

group_source::element group_source::element_of(const groups::permutation& action) const {
  if (const auto* group = matrices()) return group->matrix_of(action);
  return action;
}

group_source::element group_source::parse(std::string_view text) const {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  if (text.starts_with('@')) {
    const auto word = groups::parse_word(text.substr(1), graph_.names());
    if (const auto* set = graph_.permutations()) return groups::evaluate(word, *set, groups::permutation(graph_.degree()));
    return groups::evaluate(word, *graph_.matrices(), groups::matrix::identity(graph_.degree(), graph_.modulus()));
  }
  if (matrices() == nullptr) {
    check_points(text, graph_.degree(), first_point_);
    return groups::parse_permutation(text, graph_.degree(), first_point_);
  }
  const auto shown = text.substr(0, 60);
  const auto rows = nlohmann::json::parse(text, nullptr, false);
  const auto n = graph_.degree();
  const bool square = rows.is_array() && rows.size() == n && std::all_of(rows.begin(), rows.end(), [n](const auto& row) {
                        return row.is_array() && row.size() == n &&
                               std::all_of(row.begin(), row.end(), [](const auto& e) { return e.is_number_integer(); });
                      });
  if (!square) {
    throw parse_error(fmt::format("element '{}' is no {} x {} matrix of integers of 64 bits; write [[1,1],[0,1]], or a word @a.b", shown, n, n));
  }
  std::vector<std::int64_t> entries;
  for (const auto& row : rows) {
    for (const auto& e : row) entries.push_back(e.template get<std::int64_t>());
  }
  return groups::make_matrix(n, n, graph_.modulus(), entries);
}

std::string group_source::text(const element& g) const {
  if (const auto* p = std::get_if<groups::permutation>(&g)) return groups::to_one_line(*p, first_point_);
  return groups::to_string(std::get<groups::matrix>(g));
}

ordered_json group_source::json(const element& g) const {
  if (const auto* p = std::get_if<groups::permutation>(&g)) {
    auto images = p->images();
    for (auto& image : images) image += first_point_;
    return images;
  }
  const auto& m = std::get<groups::matrix>(g);
  auto rows = ordered_json::array();
  for (std::size_t i = 0; i < m.rows(); ++i) {
    const auto row = m.entries().subspan(i * m.columns(), m.columns());
    rows.push_back(std::vector<std::uint64_t>(row.begin(), row.end()));
  }
  return rows;
}

}  // namespace cosetta::tools
