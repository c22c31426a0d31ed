#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/conjecture/extremal_search.hpp>
#include <tools/render.hpp>
#include <tools/search_text.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

struct search_arguments {
  std::string file, db, name, generators = "all", order = "full", value = "diameter", method = "auto";
  std::size_t degree = 0, size = 0, keep = 10;
  bool directed = false, smallest = false, show = false;
  std::uint64_t seed = 1, restarts = 32, steps = 300, limit = 0;
  limit_arguments limits;
  output_arguments output;
  std::vector<const CLI::Option*> of_question;  // what SPEC says instead

  conjecture::extremal_question question() const;
};

conjecture::extremal_question search_arguments::question() const {
  conjecture::extremal_question q;
  if (!file.empty()) {
    for (const auto* option : of_question) {
      if (option->count() > 0) throw parse_error(fmt::format("conjecture search: {} beside SPEC: say it in {}, or give no SPEC", option->get_name(), file));
    }
    q = conjecture::parse_question(read_text(file), file);
  } else {
    if (degree == 0 || size == 0) throw parse_error("conjecture search: --degree and --size are missing (or SPEC, a JSON file)");
    if (degree > conjecture::max_search_degree) throw parse_error(fmt::format("--degree {}: searches have degrees from 2 to {}", degree, conjecture::max_search_degree));
    q.degree = degree, q.size = size, q.keep = keep, q.seed = seed, q.restarts = restarts, q.steps = steps, q.smallest = smallest;
    try {
      q.of = conjecture::parse_class(generators, degree);
    } catch (const parse_error& e) {
      throw parse_error(fmt::format("--class {}", e.what()));
    }
    q.wish = conjecture::parse_group_wish(order);
    if (directed) q.kind = conjecture::inversion::as_given;
    if (value != "diameter" && value != "last_sphere") throw parse_error(fmt::format("--measure '{}': there are diameter, last_sphere", value));
    if (value == "last_sphere") q.value = conjecture::search_value::last_sphere;
    if (method != "auto" && method != "exhaustive" && method != "annealing") throw parse_error(fmt::format("--method '{}': there are auto, exhaustive, annealing", method));
    if (method != "auto") q.method = method == "exhaustive" ? conjecture::search_method::exhaustive : conjecture::search_method::annealing;
  }
  if (!name.empty()) q.name = name;
  q.settle();
  return q;
}

void show(status_line& line, const conjecture::search_progress& p) {
  if (p.enumerating) return line.show("the sets up to relabelling are enumerated");
  std::string text = p.sets > 0 ? fmt::format("{} of {} sets", p.sets_done, p.sets) : fmt::format("{} of {} restarts", p.parts_done, p.parts);
  if (p.best) text += fmt::format("  best {}", *p.best);
  text += fmt::format("  {:.0f} s", p.seconds);
  if (p.share_now > 0) text += fmt::format(", some {:.0f} s left", p.seconds / p.share_now * (1 - p.share_now));
  line.show(text);
}

std::string document_of(const search_arguments& a, const std::vector<conjecture::search_summary>& searches, const conjecture::search_result* run, unsigned threads,
                        const std::string& command_line) {
  auto results = nlohmann::ordered_json::array();
  for (const auto& s : searches) results.push_back(search_summary_json(s, shown_records(s)));
  nlohmann::ordered_json out = {{"schema", "cosetta.search/1"}};
  if (run != nullptr) out["result"] = {{"status", search::to_string(run->status)}, {"sets_now", run->sets_now}};
  out["searches"] = std::move(results);
  out["run"] = {{"db", a.db}, {"threads", threads}, {"version", version}, {"command", command_line}};
  if (run != nullptr) out["run"]["seconds"] = run->seconds;
  return json_text(out);
}

void write_searches(const search_arguments& a, const std::vector<conjecture::search_summary>& searches, const conjecture::search_result* run, unsigned threads,
                    const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format == output_format::json) return a.output.write(document_of(a, searches, run, threads, command_line));
  std::string text;
  std::vector<shown_record> all;
  for (const auto& s : searches) {
    auto records = shown_records(s);
    if (format == output_format::text) text += (text.empty() ? "" : "\n") + search_summary_text(s, records);
    all.insert(all.end(), records.begin(), records.end());
  }
  a.output.write(format == output_format::text ? text : search_records_csv(all));
}

int show_searches(const search_arguments& a, const std::string& command_line) {
  if (a.db.empty()) throw parse_error("conjecture search --show: --db is missing, the store");
  const conjecture::store from(a.db, conjecture::store::access::read);
  std::vector<conjecture::search_summary> searches;
  if (!a.name.empty() || !a.file.empty() || a.degree != 0) {
    searches.push_back(summary_of(from, a.file.empty() && a.degree == 0 ? a.name : a.question().name_or_title()));
  } else {
    for (const auto& row : searches_of(from)) searches.push_back(summary_of(from, row.name));
    if (searches.empty()) throw domain_error(fmt::format("{}: no searches in this store", a.db));
  }
  write_searches(a, searches, nullptr, 1, command_line);
  return answered;
}

int run_search_verb(const search_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format == output_format::latex || format == output_format::markdown) throw parse_error("conjecture search has the formats text, csv and json");
  a.output.check_writable();
  if (a.show) return show_searches(a, command_line);
  const auto question = a.question();
  conjecture::search_options options;
  options.context = a.limits.context();
  options.limit = a.limit;
  options.version = version;
  options.command = command_line;
  conjecture::store into(a.db.empty() ? ":memory:" : a.db, conjecture::store::access::create);
  const interrupt_guard guard;
  options.context.stop = guard.token();
  conjecture::search_result result;
  {
    status_line line;
    if (!a.output.quiet) options.observer = [&](const conjecture::search_progress& p) { show(line, p); };
    result = conjecture::run_search(question, into, options);
  }
  write_searches(a, {result.summary}, &result, options.context.threads, command_line);
  if (result.status == search::status::interrupted) return interrupted;
  if (result.status == search::status::lower_bound) return limit_reached;
  return result.summary.best ? answered : answered_no;
}

void add_search_options(CLI::App& verb, search_arguments& a) {
  verb.add_option("SPEC", a.file, "a JSON file with the question, instead of the options from --degree to --steps");
  const auto before = verb.get_options().size();
  verb.add_option("--degree", a.degree, "points")->check(check_positive);
  verb.add_option("--size", a.size, "generators; of undirected graphs without the inverses")->check(check_positive);
  verb.add_option("--class", a.generators, "all, involutions, transpositions, even, odd, or cycle lengths 3,2")->capture_default_str();
  verb.add_flag("--directed", a.directed, "the generators without their inverses");
  verb.add_option("--order", a.order, "the group: full (S_n), alternating, transitive, any, or its order")->capture_default_str();
  verb.add_option("--measure", a.value, "diameter, last_sphere")->capture_default_str();
  verb.add_flag("--smallest", a.smallest, "the smallest value, not the largest");
  verb.add_option("--keep", a.keep, "records")->check(check_positive)->capture_default_str();
  verb.add_option("--method", a.method, "auto, exhaustive, annealing")->capture_default_str();
  verb.add_option("--seed", a.seed, "of annealing")->check(check_natural)->capture_default_str();
  verb.add_option("--restarts", a.restarts, "of annealing; more than before go on")->check(check_positive)->capture_default_str();
  verb.add_option("--steps", a.steps, "of each restart")->check(check_positive)->capture_default_str();
  const auto options = verb.get_options();
  a.of_question.assign(options.begin() + static_cast<std::ptrdiff_t>(before), options.end());
  verb.add_option("--limit", a.limit, "stop after so many sets, or up to a part of 256 sets for each thread more")->check(check_natural);
  verb.add_option("--name", a.name, "of the search in the store; without it a title");
  verb.add_option("--db", a.db, "the store, one SQLite file; without it nothing is kept");
  verb.add_flag("--show", a.show, "compute nothing: show the records that the store has");
  add_limit_arguments(verb, a.limits);
  add_output_arguments(verb, a.output, "text, csv, json");
}

}  // namespace

void add_search_command(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("search", "generating sets with the largest or smallest diameter");
  const auto a = std::make_shared<search_arguments>();
  add_search_options(*verb, *a);
  verb->footer(
      "Sets are counted up to relabelling of the points, and up to inversion where the graph is undirected. An exhaustive search proves its\n"
      "records; annealing gives the best found. What is finished is in the store at once: run the command again to go on.\n"
      "SPEC: {\"degree\": 7, \"size\": 3, \"class\": \"involutions\", \"up_to\": \"conjugacy_and_inversion\", \"order\": \"full\", \"measure\": \"diameter\", \"goal\": \"largest\",\n"
      "\"keep\": 10, \"method\": \"exhaustive\", \"name\": \"triples\"}; also seed, restarts, steps.\n"
      "Exit codes: 0 done; 1 done, and no set generates the group; 3 a limit came first; 130 interrupted.\n\n"
      "Examples:\n"
      "  cosetta conjecture search --degree 6 --size 3 --class involutions --db research.db && cosetta conjecture search --show --db research.db\n"
      "  cosetta conjecture search --degree 5 --size 2 --directed --smallest --json\n"
      "  cosetta conjecture search --degree 6 --size 2 --method annealing --restarts 2 --seed 7");
  verb->callback([a, &call] { call.action = [a, &call] { return run_search_verb(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
