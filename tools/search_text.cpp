#include <tools/conjecture/known_sets.hpp>
#include <tools/search_text.hpp>
#include <tools/table.hpp>

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cosetta::tools {

namespace {

using question_json = nlohmann::ordered_json;

std::string plural(std::uint64_t count, const char* what) { return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s"); }

}  // namespace

std::vector<shown_record> shown_records(const conjecture::search_summary& summary) {
  if (summary.records.empty()) return {};
  const auto question = question_json::parse(summary.row.question);
  const auto kind = question.at("up_to") == "conjugacy" ? conjecture::inversion::as_given : conjecture::inversion::closed;
  const auto known = conjecture::known_sets(question.at("degree"), question.at("size"), kind);
  std::vector<shown_record> out;
  for (const auto& r : summary.records) {
    shown_record s{r, {}, {}, {}, summary.proven};
    const auto generators = conjecture::generators_of(r);
    for (const auto& g : generators) s.cycles += (s.cycles.empty() ? "" : ", ") + groups::to_cycles(g);
    if (const auto at = known.find(r.key); at != known.end()) s.families = at->second;
    s.whiskers = conjecture::square_with_whiskers(generators);
    out.push_back(std::move(s));
  }
  return out;
}

std::string search_summary_text(const conjecture::search_summary& s, const std::vector<shown_record>& records) {
  const auto question = question_json::parse(s.row.question);
  const std::string what = question.at("measure") == "diameter" ? "diameter" : "last sphere", goal = question.at("goal");
  const bool inverted = question.at("up_to") != "conjugacy", exhaustive = s.row.method == "exhaustive";
  std::string out = s.row.name + "\n";
  if (exhaustive && s.row.parts == 0) {
    out += "unfinished: the sets up to relabelling were not all enumerated";
  } else if (exhaustive) {
    out += fmt::format("{}: {} of {} up to relabelling{}, {} with the group wished", s.proven ? "exhausted" : "unfinished", s.sets_done, plural(s.row.sets, "set"),
                       inverted ? " and inversion" : "", s.admissible);
    if (s.cut_short > 0) out += fmt::format(", {} of them proved to be worse before their search was complete", s.cut_short);
  } else {
    out += fmt::format("annealing: {} of {} done, {} looked at, {} with the group wished", s.parts_done, plural(s.row.parts, "restart"), plural(s.sets_done, "set"), s.admissible);
    if (s.cut_short > 0) out += fmt::format(", {} with groups that do not fit the memory", s.cut_short);
  }
  out += fmt::format("; {:.3g} s of one core\n", s.seconds);
  if (!s.best) return out + (s.proven ? "no set generates the group wished\n" : "no set found so far that generates the group wished\n");
  if (s.proven) out += fmt::format("{} {} {}, proven; {} it\n", goal, what, *s.best, s.best_sets == 1 ? "one set attains" : fmt::format("{} sets attain", s.best_sets));
  else out += fmt::format("{} {} found {}, not proven\n", goal, what, *s.best);
  for (const auto& r : records) {
    out += fmt::format(" {:>3}  {}  {}", r.record.value, r.cycles, r.record.key);
    for (std::size_t i = 0; i < r.families.size() && i < 2; ++i) out += "  = " + r.families[i];  // others differ in what means nothing
    if (!r.whiskers.empty()) out += fmt::format("  square with whiskers {}", fmt::join(r.whiskers, " "));
    out += "\n";
  }
  return out;
}

std::string search_records_csv(const std::vector<shown_record>& records) {
  const table_format csv(output_format::csv);
  std::string out = csv.head({"value", "diameter", "states", "last_sphere", "generators", "key", "families", "proven"}, "");
  for (const auto& r : records) {
    out += csv.row({std::to_string(r.record.value), std::to_string(r.record.diameter), std::to_string(r.record.states), std::to_string(r.record.last_sphere), r.cycles, r.record.key,
                    fmt::format("{}", fmt::join(r.families, " = ")), r.proven ? "yes" : "no"});
  }
  return out;
}

nlohmann::ordered_json search_summary_json(const conjecture::search_summary& s, const std::vector<shown_record>& records) {
  question_json out = {{"name", s.row.name}, {"question", question_json::parse(s.row.question)}, {"proven", s.proven}, {"parts", s.row.parts}, {"parts_done", s.parts_done}};
  if (s.row.method == "exhaustive") out["sets"] = s.row.sets;
  out["sets_done"] = s.sets_done;
  out["admissible"] = s.admissible;
  out["cut_short"] = s.cut_short;
  out["best"] = s.best ? question_json(*s.best) : question_json(nullptr);
  if (s.proven && s.best) out["attained_by"] = s.best_sets;
  out["seconds"] = s.seconds;
  auto& list = out["records"] = question_json::array();
  for (const auto& r : records) {
    list.push_back({{"value", r.record.value},
                    {"diameter", r.record.diameter},
                    {"states", std::to_string(r.record.states)},
                    {"last_sphere", r.record.last_sphere},
                    {"generators", question_json::parse(r.record.generators)},
                    {"cycles", r.cycles},
                    {"key", r.record.key},
                    {"families", r.families}});
    if (!r.whiskers.empty()) list.back()["square_with_whiskers"] = r.whiskers;
  }
  return out;
}

}  // namespace cosetta::tools
