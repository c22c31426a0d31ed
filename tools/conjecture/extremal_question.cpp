#include <kernels/error.hpp>
#include <tools/conjecture/extremal_question.hpp>
#include <tools/conjecture/json_place.hpp>

#include <cmath>

namespace cosetta::conjecture {

namespace {

constexpr double longest_exhaustive = 4 * 3600;  // seconds of one core, by guess

double factorial_of(std::size_t n) { return std::tgamma(static_cast<double>(n) + 1); }

}  // namespace

std::string_view to_string(search_method m) noexcept { return m == search_method::exhaustive ? "exhaustive" : "annealing"; }
std::string_view to_string(search_value v) noexcept { return v == search_value::diameter ? "diameter" : "last_sphere"; }

group_wish parse_group_wish(std::string_view text) {
  using kind = group_wish::kind;
  if (text == "full") return {kind::full, 0};
  if (text == "alternating") return {kind::alternating, 0};
  if (text == "transitive") return {kind::transitive, 0};
  if (text == "any") return {kind::any, 0};
  if (text.empty() || text.size() > 40 || text.find_first_not_of("0123456789") != std::string_view::npos || text.front() == '0') {
    throw parse_error(fmt::format("order '{}': expected full, alternating, transitive, any, or the order of the group", text));
  }
  return {kind::order, mpz_class(std::string(text), 10)};
}

std::string to_string(const group_wish& wish) {
  switch (wish.which) {
    case group_wish::kind::full:
      return "full";
    case group_wish::kind::alternating:
      return "alternating";
    case group_wish::kind::transitive:
      return "transitive";
    case group_wish::kind::any:
      return "any";
    case group_wish::kind::order:
      break;
  }
  return wish.order.get_str();
}

std::string extremal_question::title() const {
  std::string elements = of.which == permutation_class::kind::all ? "permutations" : to_string(of);
  if (of.which == permutation_class::kind::even || of.which == permutation_class::kind::odd) elements += " permutations";
  if (of.which == permutation_class::kind::cycle_type && elements != "transpositions") elements = "of type " + elements;
  std::string out = fmt::format("S_{}: {} {}, {}, order {}, {} {}", degree, size, elements, kind == inversion::closed ? "undirected" : "directed", to_string(wish),
                                smallest ? "smallest" : "largest", value == search_value::diameter ? "diameter" : "last sphere");
  if (method == search_method::annealing) out += fmt::format(", annealing seed {}", seed);
  return out;
}

std::string extremal_question::identity() const {
  nlohmann::ordered_json out = {{"degree", degree},
                                {"size", size},
                                {"class", to_string(of)},
                                {"up_to", kind == inversion::closed ? "conjugacy_and_inversion" : "conjugacy"},
                                {"order", to_string(wish)},
                                {"measure", to_string(value)},
                                {"goal", smallest ? "smallest" : "largest"},
                                {"keep", keep},
                                {"method", to_string(*method)}};
  if (*method == search_method::annealing) out["seed"] = seed, out["steps"] = steps;
  return out.dump();
}

double extremal_question::estimated_sets() const {
  double elements = static_cast<double>(class_size(of, degree));
  const bool involutions = of.which == permutation_class::kind::involutions || (of.which == permutation_class::kind::cycle_type && of.cycles.front() == 2);
  if (kind == inversion::closed && !involutions) elements /= 2;
  double sets = 1;
  for (std::size_t i = 0; i < size; ++i) sets *= std::max(1.0, elements - static_cast<double>(i)) / static_cast<double>(i + 1);
  return 1.3 * sets / factorial_of(degree) + 10;  // orbits with symmetries come on top
}

double extremal_question::estimated_seconds() const {
  const double states = factorial_of(degree);
  return estimated_sets() * (1e-4 + 3e-9 * states * (degree > 11 ? 3 : 1));
}

double extremal_question::estimated_element_bytes() const { return 140.0 * static_cast<double>(class_size(of, degree)); }

double extremal_question::set_bytes() const { return 400 + static_cast<double>(size * (sizeof(groups::permutation) + 4 * degree)); }

void extremal_question::settle() {
  if (degree < 2 || degree > max_search_degree) throw domain_error(fmt::format("degree {}: searches have degrees from 2 to {}", degree, max_search_degree));
  if (size < 1 || size > max_search_size) throw domain_error(fmt::format("size {}: sets have 1 to {} generators", size, max_search_size));
  if (keep < 1 || keep > 10000) throw domain_error(fmt::format("keep {}: 1 to 10000 records are kept", keep));
  if (class_size(of, degree) < size) throw domain_error(fmt::format("{} permutations of {} points are in the class '{}', fewer than {}", class_size(of, degree), degree, to_string(of), size));
  if (wish.which == group_wish::kind::order) {
    mpz_class all;
    mpz_fac_ui(all.get_mpz_t(), degree);
    if (all % wish.order != 0) throw domain_error(fmt::format("order {}: S_{} has no such subgroups, since that does not divide {}", wish.order.get_str(), degree, all.get_str()));
  }
  const bool countable = degree <= max_subset_degree && class_size(of, degree) <= max_class_size && estimated_sets() <= 20e6;
  if (!method) method = countable && estimated_seconds() <= longest_exhaustive ? search_method::exhaustive : search_method::annealing;
  if (*method == search_method::exhaustive && !countable) {
    throw resource_error(fmt::format("an exhaustive search of some {:.2g} sets up to relabelling, of a class of {}: at most 2e+07 sets of {} elements of degree {} are enumerated; "
                                     "take --method annealing, a smaller class, degree or size",
                                     estimated_sets(), class_size(of, degree), max_class_size, max_subset_degree));
  }
  if (*method == search_method::annealing && (restarts < 1 || restarts > 1'000'000 || steps < 1 || steps > 1'000'000)) {
    throw domain_error("annealing takes 1 to 1000000 restarts of 1 to 1000000 steps");
  }
}

extremal_question parse_question(std::string_view text, const std::string& file) {
  const auto document = parse_json_document(text, file);
  const json_place top(file, "", document);
  top.check_keys({"name", "degree", "size", "class", "up_to", "order", "measure", "goal", "keep", "method", "seed", "restarts", "steps"});
  extremal_question q;
  const auto natural = [&](const char* key, auto& into, std::int64_t least, std::int64_t most) {
    if (const auto given = top.find(key)) into = static_cast<std::remove_reference_t<decltype(into)>>(given->integer(least, most));
  };
  const auto word = [&](const char* key, const char* first, const char* second) {
    const auto given = top.find(key);
    if (!given) return 0;
    const auto said = given->value().is_string() ? given->text() : std::string();
    if (said != first && said != second) given->mismatch(fmt::format("\"{}\" or \"{}\"", first, second));
    return said == first ? 1 : 2;
  };
  if (const auto given = top.find("name")) {
    q.name = given->text();
    if (q.name.empty() || q.name.size() > 200) given->mismatch("a name of up to 200 bytes");
  }
  q.degree = static_cast<std::size_t>(top.at("degree").integer(2, static_cast<std::int64_t>(max_search_degree)));
  q.size = static_cast<std::size_t>(top.at("size").integer(1, static_cast<std::int64_t>(max_search_size)));
  if (const auto given = top.find("class")) q.of = given->permutation_class_of(q.degree);
  if (word("up_to", "conjugacy_and_inversion", "conjugacy") == 2) q.kind = inversion::as_given;
  if (const auto given = top.find("order")) {
    if (!given->value().is_number_unsigned() && !given->value().is_string()) given->mismatch("full, alternating, transitive, any, or the order of the group");
    try {
      q.wish = parse_group_wish(given->value().is_number_unsigned() ? given->value().dump() : given->text());
    } catch (const parse_error& e) {
      given->fail(e.what());
    }
  }
  if (word("measure", "diameter", "last_sphere") == 2) q.value = search_value::last_sphere;
  q.smallest = word("goal", "largest", "smallest") == 2;
  if (const int m = word("method", "exhaustive", "annealing"); m != 0) q.method = m == 1 ? search_method::exhaustive : search_method::annealing;
  natural("keep", q.keep, 1, 10000);
  natural("seed", q.seed, 0, std::int64_t{1} << 62);
  natural("restarts", q.restarts, 1, 1'000'000);
  natural("steps", q.steps, 1, 1'000'000);
  return q;
}

// The class is written as a text there; cycle lengths stand as a list in a specification.
extremal_question parse_identity(std::string_view text, const std::string& where) {
  auto question = parse_json_document(text, where);
  json_place(where, "", question).check_keys({"degree", "size", "class", "up_to", "order", "measure", "goal", "keep", "method", "seed", "steps"});
  for (const char* key : {"class", "up_to", "order", "measure", "goal", "keep", "method"}) static_cast<void>(json_place(where, "", question).at(key));
  const auto elements = json_place(where, "", question).at("class").text();
  question.erase("class");
  auto out = parse_question(question.dump(), where);
  out.of = parse_class(elements, out.degree);
  return out;
}

}  // namespace cosetta::conjecture
