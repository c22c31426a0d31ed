#include <kernels/error.hpp>
#include <tools/commands.hpp>
#include <tools/conjecture/claim.hpp>
#include <tools/render.hpp>
#include <tools/terminal.hpp>
#include <tools/version.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

namespace fs = std::filesystem;
using conjecture::claim;
using conjecture::claim_result;

constexpr double fast_seconds = 5;

struct reproduce_arguments {
  std::string what, db;
  bool list = false, fast = false, all_rows = false;
  limit_arguments limits;
  output_arguments output;
};

/// The published claims: of the checkout that one stands in, beside the installed program, or of the checkout that it was built in.
fs::path claims_folder() {
  std::error_code ignored;
  const auto program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  const fs::path places[] = {"docs/reproduce", program / "../share/cosetta/reproduce", program / "../../../docs/reproduce"};
  for (const auto& place : places) {
    if (fs::is_directory(place, ignored)) return place.lexically_normal();
  }
  throw domain_error("no folder docs/reproduce here or beside the program: give the name of a claim's file, or of a folder");
}

/// A claim whose file cannot be read is in the list with the reason in place of its checks.
struct listed_claim {
  claim it;
  std::string reason;
};

listed_claim listed(const fs::path& file) {
  try {
    return {conjecture::parse_claim(read_text(file.string()), file.string()), {}};
  } catch (const parse_error& e) {
    listed_claim out;
    out.it.name = file.stem().string(), out.it.file = file.string(), out.reason = e.what();
    return out;
  }
}

std::vector<listed_claim> claims_of(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<listed_claim> out;
  for (const auto& file : files) out.push_back(listed(file));
  if (out.empty()) throw domain_error(fmt::format("{}: no claims: there is no .json file", folder.string()));
  return out;
}

std::vector<listed_claim> chosen_claims(const reproduce_arguments& a) {
  std::error_code ignored;
  std::vector<listed_claim> out;
  if (!a.what.empty() && fs::is_directory(a.what, ignored)) {
    out = claims_of(a.what);
  } else if (!a.what.empty() && (a.what.ends_with(".json") || fs::exists(a.what, ignored))) {
    out.push_back({conjecture::parse_claim(read_text(a.what), a.what), {}});
  } else {
    out = claims_of(claims_folder());
    if (!a.what.empty()) {
      std::string names;
      for (const auto& c : out) names += (names.empty() ? "" : ", ") + c.it.name;
      std::erase_if(out, [&](const listed_claim& c) { return c.it.name != a.what; });
      if (out.empty()) throw domain_error(fmt::format("no claim '{}'; there are {}", a.what, names));
    }
  }
  if (a.fast) std::erase_if(out, [](const listed_claim& c) { return c.it.seconds > fast_seconds; });
  return out;
}

std::string list_text(const std::vector<listed_claim>& claims) {
  std::size_t width = 0;
  for (const auto& c : claims) width = std::max(width, c.it.name.size());
  std::string out;
  for (const auto& c : claims) out += fmt::format("{:<{}}  {:>7.1f} s  {}\n", c.it.name, width, c.it.seconds, c.reason.empty() ? c.it.text : "cannot be checked: " + c.reason);
  return out;
}

nlohmann::ordered_json claim_json(const claim& c) { return {{"name", c.name}, {"claim", c.text}, {"source", c.source}, {"file", c.file}, {"expected_seconds", c.seconds}}; }

std::string result_text(const claim& c, const claim_result& r, bool all_rows) {
  std::string out = fmt::format("{:<10}  {}  {} of {} values  {:.1f} s\n", to_string(r.said), c.name, r.agreed, r.rows.size(), r.seconds);
  for (const auto& row : r.rows) {
    if (row.agrees && all_rows) out += fmt::format("    {}: {}\n", row.what, row.computed);
    if (!row.agrees) out += fmt::format("    {}: computed {}, expected {}\n", row.what, row.computed, row.expected);
  }
  if (!r.limit.empty()) out += fmt::format("    {}\n", r.limit);
  if (!r.reason.empty()) out += fmt::format("    {}\n", r.reason);
  return out;
}

nlohmann::ordered_json result_json(const claim& c, const claim_result& r) {
  auto entry = claim_json(c);
  entry["verdict"] = to_string(r.said);
  entry["agreed"] = r.agreed;
  entry["compared"] = r.rows.size();
  entry["seconds"] = r.seconds;
  if (!r.limit.empty()) entry["limit"] = r.limit;
  if (!r.reason.empty()) entry["reason"] = r.reason;
  auto& rows = entry["rows"] = nlohmann::ordered_json::array();
  for (const auto& row : r.rows) rows.push_back({{"what", row.what}, {"computed", row.computed}, {"expected", row.expected}, {"agrees", row.agrees}});
  return entry;
}

int list_claims(const reproduce_arguments& a, const std::string& command_line) {
  const auto claims = chosen_claims(a);
  if (a.output.chosen() == output_format::text) {
    a.output.write(list_text(claims));
    return answered;
  }
  auto list = nlohmann::ordered_json::array();
  for (const auto& c : claims) {
    list.push_back(claim_json(c.it));
    if (!c.reason.empty()) list.back()["reason"] = c.reason;
  }
  a.output.write(json_text({{"schema", "cosetta.reproduce/1"}, {"claims", list}, {"run", {{"version", version}, {"command", command_line}}}}));
  return answered;
}

int run_reproduce(const reproduce_arguments& a, const std::string& command_line) {
  const auto format = a.output.chosen();
  if (format != output_format::text && format != output_format::json) throw parse_error("conjecture reproduce has the formats text and json");
  a.output.check_writable();
  if (a.list) return list_claims(a, command_line);
  const auto claims = chosen_claims(a);
  conjecture::store into(a.db.empty() ? ":memory:" : a.db, conjecture::store::access::create);
  const interrupt_guard guard;
  conjecture::claim_options options;
  options.context = a.limits.context();
  options.context.stop = guard.token();
  options.version = version;
  options.command = command_line;
  std::string text;
  const bool as_text = format == output_format::text, at_once = as_text && a.output.file.empty();
  const auto say = [&](const std::string& part) { at_once ? a.output.write(part) : static_cast<void>(text += part); };
  auto list = nlohmann::ordered_json::array();
  std::size_t counts[4] = {0, 0, 0, 0};
  for (const auto& c : claims) {
    status_line line;
    if (!a.output.quiet) options.observer = [&](const std::string& said) { line.show(fmt::format("{} of {}  {}  {}", list.size() + 1, claims.size(), c.it.name, said)); };
    claim_result r;
    if (c.reason.empty()) r = conjecture::check_claim(c.it, into, options);
    else r.said = conjecture::claim_verdict::unchecked, r.reason = c.reason;
    line.clear();
    ++counts[static_cast<std::size_t>(r.said)];
    if (as_text) say(result_text(c.it, r, a.all_rows));
    list.push_back(result_json(c.it, r));
    if (options.context.stop.stop_requested()) break;
  }
  say(fmt::format("{} agree, {} disagree{}{}\n", counts[0], counts[1], counts[2] > 0 ? fmt::format(", {} unfinished", counts[2]) : "", counts[3] > 0 ? fmt::format(", {} cannot be checked", counts[3]) : ""));
  const auto document = [&] {
    return json_text({{"schema", "cosetta.reproduce/1"},
                      {"result", {{"agree", counts[0]}, {"disagree", counts[1]}, {"unfinished", counts[2]}, {"unchecked", counts[3]}}},
                      {"claims", list},
                      {"run", {{"db", a.db}, {"threads", options.context.threads}, {"version", version}, {"command", command_line}}}});
  };
  if (!at_once) a.output.write(as_text ? text : document());
  if (options.context.stop.stop_requested()) return interrupted;
  return counts[3] > 0 ? wrong_usage : counts[1] > 0 ? answered_no : counts[2] > 0 ? limit_reached : answered;
}

}  // namespace

void add_reproduce_command(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("reproduce", "recompute published claims and compare");
  const auto a = std::make_shared<reproduce_arguments>();
  verb->add_option("WHAT", a->what, "a claim's name, its file, or a folder of them; without it all of docs/reproduce");
  verb->add_option("--db", a->db, "a store for what is computed, so that a stopped run goes on; without it nothing is kept");
  verb->add_flag("--list", a->list, "the claims and the time that they take, computing nothing");
  verb->add_flag("--fast", a->fast, "only those that take five seconds at most");
  verb->add_flag("--rows", a->all_rows, "all values, and not only those that disagree");
  add_limit_arguments(*verb, a->limits);
  add_output_arguments(*verb, a->output, "text, json");
  verb->footer(
      "Each claim has a file: the words, the source, what to compute, and the values expected. Exit codes: 0 all agree; 1 some disagree; 2 some\n"
      "cannot be checked; 3 a limit came first; 130 interrupted.\n\n"
      "Examples:\n"
      "  cosetta conjecture reproduce --list\n"
      "  cosetta conjecture reproduce cyclic_coxeter --rows\n"
      "  cosetta conjecture reproduce longest_lrx --json");
  verb->callback([a, &call] { call.action = [a, &call] { return run_reproduce(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
