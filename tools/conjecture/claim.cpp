#include <graphs/parse_graph.hpp>
#include <groups/chain_options.hpp>
#include <groups/permutation_group.hpp>
#include <kernels/error.hpp>
#include <tools/conjecture/claim.hpp>
#include <tools/conjecture/extremal_search.hpp>
#include <tools/conjecture/fit.hpp>
#include <tools/conjecture/json_place.hpp>
#include <tools/conjecture/known_sets.hpp>
#include <tools/conjecture/sweep.hpp>

#include <chrono>
#include <unordered_map>

namespace cosetta::conjecture {

namespace {

using document = nlohmann::ordered_json;

constexpr std::size_t most_bound_generators = 24;

/// What is left to do, where a limit came first.
struct unfinished_claim {
  std::string limit;
};

class claim_check {
 public:
  claim_check(const claim& c, store& into, const claim_options& options) : claim_(c), into_(into), options_(options) {}

  claim_result run() {
    const auto start = std::chrono::steady_clock::now();
    const auto checks = document::parse(claim_.checks);
    try {
      for (std::size_t i = 0; i < checks.size(); ++i) {
        const json_place place(claim_.file, fmt::format("/checks/{}", i), checks[i]);
        number_ = i;
        if (place.find("search")) check_search(place);
        else if (place.find("bound")) check_bound(place);
        else check_graphs(place);
      }
    } catch (const unfinished_claim& u) {
      out_.limit = u.limit;
    } catch (const groups::stopped_error&) {
      out_.limit = "a limit of time, or an interrupt";
    } catch (const resource_error& e) {
      out_.limit = e.what();
    } catch (const backend_error&) {
      throw;  // of the store or the machine: no other claim would fare better
    } catch (const error& e) {
      out_.reason = e.what();
    }
    if (out_.rows.empty() && out_.limit.empty() && out_.reason.empty()) out_.reason = "nothing was compared";
    for (const auto& row : out_.rows) out_.agreed += row.agrees;
    out_.said = !out_.reason.empty() ? claim_verdict::unchecked : out_.agreed < out_.rows.size() ? claim_verdict::disagree : !out_.limit.empty() ? claim_verdict::unfinished : claim_verdict::agree;
    out_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return std::move(out_);
  }

 private:
  void compare(std::string what, std::string expected, std::string computed) {
    const bool agrees = expected == computed;
    out_.rows.push_back({std::move(what), std::move(expected), std::move(computed), agrees});
  }

  std::string sweep_name() const { return fmt::format("reproduce {} {}", claim_.name, number_); }

  /// The rows of a sweep of these graphs, by position; all of them exact.
  std::vector<listed_graph> swept(document graphs, const char* measure_name) {
    const document whole = {{"name", sweep_name()}, {"graphs", std::move(graphs)}, {"measures", {measure_name}}};
    const auto specification = parse_sweep(whole.dump(), fmt::format("{}: /checks/{}", claim_.file, number_));
    sweep_options options;
    options.context = options_.context;
    options.version = options_.version;
    options.command = options_.command;
    if (options_.observer) options.observer = [&](const sweep_progress& p) { options_.observer(fmt::format("{} of {} graphs", p.done + p.reused + p.failed, p.total)); };
    const auto result = run_sweep(specification, into_, options);
    for (const auto& f : result.failures) {
      if (!f.by_limit) throw domain_error(fmt::format("{}: /checks/{}: {}: {}", claim_.file, number_, f.label, f.reason));
      throw unfinished_claim{f.label + ": " + f.reason};
    }
    if (result.status != search::status::exact) throw unfinished_claim{fmt::format("{} graphs are not exact: a limit of time or memory, or an interrupt", result.left() + result.bounds)};
    auto rows = into_.listed(sweep_name());
    if (rows.size() != result.items.size()) throw error("a sweep lost rows: this is a defect, please report it");
    return rows;
  }

  static std::string value_of(const graph_row& g, const std::string& measure_name) {
    if (measure_name == "order") return g.order ? g.order->get_str() : "none";
    const auto& value = measure_name == "girth" ? g.girth : g.diameter;
    return value ? std::to_string(*value) : "none";
  }

  void check_graphs(const json_place& check) {
    if (const auto states = check.find("last_layer")) return check_last_layers(check, *states);
    const auto measure_name = check.find("measure") ? check.at("measure").text() : std::string("diameter");
    if (measure_name != "diameter" && measure_name != "girth" && measure_name != "order") check.at("measure").mismatch("diameter, girth or order");
    const auto expected = check.at("expect").items("a list of values");
    const auto rows = swept({check.at("graphs").value()}, measure_name.c_str());
    if (rows.size() != expected.size()) check.at("expect").fail(fmt::format("{} values for {} graphs", expected.size(), rows.size()));
    std::vector<fit_row> points;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto value = value_of(rows[i].graph, measure_name);
      const auto& e = expected[i].value();
      compare(fmt::format("{} of {}", measure_name, rows[i].member.label), e.is_string() ? e.get<std::string>() : e.dump(), value);
      if (value != "none" && !rows[i].member.parameters.empty()) points.push_back({static_cast<long>(rows[i].member.parameters.front().second), mpz_class(value, 10), true});
    }
    if (const auto formula = check.find("formula")) check_formula(check, formula->text(), points);
  }

  void check_formula(const json_place& check, const std::string& expected, const std::vector<fit_row>& points) {
    const auto report = find_formulas(points);
    std::string found = "none that could have been refuted";
    long from = 0;
    if (!report.formulas.empty()) found = report.formulas.front().text, from = report.formulas.front().from;
    compare("the formula that is found", expected, found);
    if (const auto given = check.find("from")) compare("from n =", std::to_string(given->integer(-1'000'000, 1'000'000)), std::to_string(from));
  }

  void check_last_layers(const json_place& check, const json_place& expected) {
    const auto lists = expected.items("a list of last layers, lists of states");
    const auto rows = swept({check.at("graphs").value()}, "last_layer");
    if (rows.size() != lists.size()) expected.fail(fmt::format("{} layers for {} graphs", lists.size(), rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto states = rows[i].graph.last_layer.value_or(std::vector<graphs::state>{});
      const auto& z = rows[i].member.relabelling;  // back to the labels of the family: see measure.cpp
      for (auto& s : states) {
        if (z.empty()) break;
        graphs::state image(s.size());
        std::vector<std::uint64_t> back(z.size());
        for (std::size_t j = 0; j < z.size(); ++j) back[z[j]] = j;
        for (std::size_t j = 0; j < s.size(); ++j) image[back[j]] = back[s[j]];
        s = std::move(image);
      }
      std::sort(states.begin(), states.end());
      compare("the longest elements of " + rows[i].member.label, lists[i].value().dump(), states.empty() ? "too many" : document(states).dump());
    }
  }

  /// Whether the graph is inverse-closed and of S_n or A_n.
  static bool is_in_question(const std::string& spec, std::size_t degree) {
    const auto graph = graphs::parse_graph(spec);
    if (!graph.is_inverse_closed()) return false;
    mpz_class full;
    mpz_fac_ui(full.get_mpz_t(), degree);
    const auto order = groups::permutation_group(*graph.permutations()).order();
    return order == full || (degree > 2 && order * 2 == full);
  }

  void check_bound(const json_place& check) {
    const auto coefficients = check.at("bound").items("[a, b, c] of a n^2 + b n + c");
    const auto ends = check.at("degrees").items("[from, to]");
    if (coefficients.size() != 3) check.at("bound").mismatch("[a, b, c] of a n^2 + b n + c");
    if (ends.size() != 2) check.at("degrees").mismatch("[from, to]");
    double c[3];
    for (std::size_t i = 0; i < 3; ++i) {
      if (!coefficients[i].value().is_number()) coefficients[i].mismatch("a number");
      c[i] = coefficients[i].value().get<double>();
    }
    const auto expected = check.at("expect");
    if (!expected.value().is_object()) expected.mismatch("an object of diameters by graph");
    auto graphs = document::array();
    std::unordered_map<std::string, double> bound_of;
    for (auto n = ends[0].integer(2, 12); n <= ends[1].integer(2, 12); ++n) {
      for (const auto& spec : catalogue_instances(static_cast<std::size_t>(n), most_bound_generators)) {
        options_.context.check();
        if (!is_in_question(spec, static_cast<std::size_t>(n))) continue;
        graphs.push_back({{"family", spec}});
        const auto x = static_cast<double>(n);
        bound_of[spec] = c[0] * x * x + c[1] * x + c[2];
      }
    }
    std::uint64_t found = 0;
    for (const auto& row : swept(std::move(graphs), "diameter")) {
      const auto& label = row.member.label;
      const double bound = bound_of.at(label), diameter = static_cast<double>(row.graph.diameter.value_or(0));
      out_.rows.push_back({fmt::format("diameter of {} is at most {:g}", label, bound), "yes", diameter <= bound ? "yes" : "no", diameter <= bound});
      const auto at = expected.value().find(label);
      compare("diameter of " + label, at == expected.value().end() ? "not in the table" : at->dump(), fmt::format("{}", *row.graph.diameter));
      found += at != expected.value().end();
    }
    compare("graphs of the table that the catalogue has", std::to_string(expected.value().size()), std::to_string(found));
  }

  void check_search(const json_place& check) {
    auto question = parse_question(check.at("search").value().dump(), fmt::format("{}: {}/search", claim_.file, check.pointer()));
    question.settle();
    if (*question.method != search_method::exhaustive) check.at("search").fail("it would be annealing, which proves nothing: ask for what can be exhausted");
    question.name = sweep_name();
    for (const auto& row : searches_of(into_)) {
      if (row.name == question.name && row.question != question.identity()) throw domain_error(fmt::format("{}: the store has another search '{}', of an older file or of another claim of this name: take another --db", into_.path(), row.name));
    }
    search_options options;
    options.context = options_.context;
    options.version = options_.version;
    options.command = options_.command;
    if (options_.observer) options.observer = [&](const search_progress& p) { options_.observer(p.enumerating ? "enumerating" : fmt::format("{} of {} sets", p.sets_done, p.sets)); };
    const auto result = run_search(question, into_, options);
    if (result.status != search::status::exact) throw unfinished_claim{question.title() + ": a limit of time, or an interrupt"};
    const auto& s = result.summary;
    if (!s.proven) throw error("an exhaustive search that ended proves nothing: this is a defect, please report it");
    compare_search(question, s, check);
  }

  void compare_search(const extremal_question& question, const search_summary& s, const json_place& check) {
    const auto expected = check.at("expect");
    const auto title = question.title();
    if ((expected.find("family") || expected.find("square_with_whiskers")) && question.keep < s.best_sets) {
      check.at("search").fail(fmt::format("keep {}: {} sets attain it, and all of them must be kept to say what they are", question.keep, s.best_sets));
    }
    if (const auto given = expected.find("best")) compare(title, given->value().dump() + ", proven", s.best ? fmt::format("{}, {}", *s.best, s.proven ? "proven" : "not proven") : "none");
    if (const auto given = expected.find("attained_by")) compare("sets that attain it", given->value().dump(), std::to_string(s.best_sets));
    if (const auto given = expected.find("sets")) compare("sets up to relabelling", given->value().dump(), std::to_string(s.sets_done));
    if (const auto given = expected.find("family")) {
      const auto known = known_sets(question.degree, question.size, question.kind);
      bool among = false;
      for (const auto& r : s.records) {
        if (r.value != s.best) continue;
        const auto at = known.find(r.key);
        among = among || (at != known.end() && std::find(at->second.begin(), at->second.end(), given->text()) != at->second.end());
      }
      compare("it is attained by", given->text(), among ? given->text() : "other sets");
    }
    if (const auto given = expected.find("square_with_whiskers")) {
      bool any = false;
      for (const auto& r : s.records) {
        if (r.value != s.best) continue;
        any = any || !square_with_whiskers(generators_of(r)).empty();
      }
      compare("a square with whiskers attains it", given->flag() ? "yes" : "no", any ? "yes" : "no");
    }
  }

  const claim& claim_;
  store& into_;
  const claim_options& options_;
  std::size_t number_ = 0;
  claim_result out_;
};

/// Each kind of check has its keys, and something to compare.
void check_shape(const json_place& check) {
  if (!check.value().is_object()) check.mismatch("an object");
  const bool layers = check.find("last_layer").has_value();
  if (check.find("search")) check.check_keys({"search", "expect"});
  else if (check.find("bound")) check.check_keys({"bound", "degrees", "expect"});
  else if (layers) check.check_keys({"graphs", "last_layer"});
  else if (check.find("graphs")) check.check_keys({"graphs", "measure", "expect", "formula", "from"});
  else check.fail("one of \"graphs\", \"search\", \"bound\" is missing");
  const char* key = layers ? "last_layer" : "expect";
  if (!check.find(key)) check.fail("\"expect\" is missing: a check that cannot fail is none");
  const auto expected = check.at(key);
  if (check.find("search")) expected.check_keys({"best", "attained_by", "sets", "family", "square_with_whiskers"});
  if (expected.value().empty()) expected.fail("nothing is expected: a check that cannot fail is none");
  if (check.find("from") && !check.find("formula")) check.at("from").fail("it is compared with that of a \"formula\", which is missing");
}

}  // namespace

std::string_view to_string(claim_verdict v) noexcept {
  switch (v) {
    case claim_verdict::agree:
      return "agree";
    case claim_verdict::disagree:
      return "disagree";
    case claim_verdict::unfinished:
      return "unfinished";
    case claim_verdict::unchecked:
      break;
  }
  return "cannot be checked";
}

claim parse_claim(std::string_view text, const std::string& file) {
  const auto whole = parse_json_document(text, file);
  const json_place top(file, "", whole);
  top.check_keys({"name", "claim", "source", "note", "seconds", "checks"});
  claim out;
  out.file = file;
  out.name = top.at("name").text();
  out.text = top.at("claim").text();
  out.source = top.at("source").text();
  const auto seconds = top.at("seconds");
  if (!seconds.value().is_number() || seconds.value().get<double>() < 0) seconds.mismatch("a number of seconds");
  out.seconds = seconds.value().get<double>();
  const auto checks = top.at("checks").items("a list of checks");
  if (checks.empty()) top.at("checks").fail("no checks");
  for (const auto& check : checks) {
    check_shape(check);
  }
  out.checks = top.at("checks").value().dump();
  return out;
}

claim_result check_claim(const claim& c, store& into, const claim_options& options) { return claim_check(c, into, options).run(); }

}  // namespace cosetta::conjecture
