// Every door through which text comes in, for libFuzzer (and, without it, for replay_main.cpp). The first byte chooses
// the door, the second the counting of points; the rest is the text. A cosetta::error is an answer. Anything else that
// is thrown, a crash, or a law that what was read does not keep, is a finding.
#include <graphs/file_formats.hpp>
#include <graphs/graph_definition.hpp>
#include <graphs/parse_graph.hpp>
#include <groups/finitely_presented.hpp>
#include <groups/permutation.hpp>
#include <groups/word.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace cosetta;

constexpr std::size_t longest_input = 4096;

void law(bool kept, const char* what) {
  if (!kept) throw std::logic_error(what);
}

/// The lengths of the runs of digits in the text.
std::vector<std::size_t> number_lengths(std::string_view text) {
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(text[i])) == 0) continue;
    const std::size_t start = i;
    while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0) ++i;
    lengths.push_back(i - start);
  }
  return lengths;
}

std::size_t longest_number(std::string_view text) {
  const auto lengths = number_lengths(text);
  return lengths.empty() ? 0 : *std::max_element(lengths.begin(), lengths.end());
}

/// Families with few generators are small at three digits; the others are tried at one.
bool is_small_catalogue_text(std::string_view text) {
  constexpr std::array<std::string_view, 12> large = {"derangements", "class", "cycle",     "interchange",
                                                      "transpos",     "block", "reversals", "heisenberg",
                                                      "linear",       "sl_",   "cube",      "rand"};
  const bool slow =
      std::any_of(large.begin(), large.end(), [&](auto part) { return text.find(part) != std::string_view::npos; });
  return longest_number(text) <= (slow ? 1U : 3U);
}

/// Points of five to seven digits are legal and cost megabytes each; shorter ones are cheap, longer ones are refused.
bool has_cheap_numbers(std::string_view text) {
  const auto lengths = number_lengths(text);
  return std::none_of(lengths.begin(), lengths.end(), [](auto length) { return length >= 5 && length <= 7; });
}

void check_graph(const graphs::graph_definition& graph) {
  law(graph.generator_count() > 0, "a graph without generators");
  law(graph.names().size() == graph.generator_count(), "names and generators differ in number");
  law(!graph.central().empty() && graph.central().size() % graph.degree() == 0, "a central state that does not fit");
  if (graph.central().size() * graph.generator_count() > 100'000) return;
  for (std::size_t g = 0; g < graph.generator_count(); ++g) {
    law(graph.apply(g, graph.central()).size() == graph.central().size(), "a generator changed the length of a state");
  }
  const auto closed = graph.with_inverses();
  law(closed.is_inverse_closed(), "with_inverses is not inverse-closed");
  law(closed.central() == graph.central(), "with_inverses changed the central state");
  law(!graphs::to_string(graph, graph.central()).empty(), "a state without text");
}

void parse_catalogue(const std::string& text) {
  if (!is_small_catalogue_text(text)) return;
  constexpr std::string_view files[] = {".gap", ".g", ".json", ".tws", ".ksolve", ".def", ".csv"};
  for (const auto suffix : files) {
    if (text.find(suffix) != std::string::npos) return;  // no fuzzing of the file system
  }
  const auto graph = graphs::parse_graph(text);
  check_graph(graph);
  const auto again = graphs::parse_graph(graph.spec());
  law(again.spec() == graph.spec(), "the canonical text has another canonical text");
  law(again.generators() == graph.generators() && again.central() == graph.central(),
      "the canonical text is another graph");
}

void parse_a_permutation(std::string_view text, groups::point first_point) {
  if (!has_cheap_numbers(text)) return;
  const auto p = groups::parse_permutation(text, std::nullopt, first_point);
  if (p.degree() == 0) return;
  law((p * p.inverse()).is_identity(), "not a permutation");
  law(groups::parse_permutation(groups::to_one_line(p, first_point), std::nullopt, first_point) == p,
      "one-line text is read otherwise");
  law(groups::parse_permutation(groups::to_cycles(p, first_point), p.degree(), first_point) == p,
      "cycles are read otherwise");
}

void parse_a_pattern(std::string_view text) {
  const auto labels = graphs::parse_pattern(text);
  law(!labels.empty(), "a pattern of no labels");
  std::string written;
  for (const auto label : labels) written += (written.empty() ? "" : ",") + std::to_string(label);
  law(graphs::parse_pattern(written + (labels.size() == 1 && labels[0] > 9 ? ",0" : ""))[0] == labels[0],
      "a pattern is read otherwise");
}

void parse_a_word(std::string_view text) {
  static const std::vector<std::string> names = {"L", "R", "X", "f0", "f0'", "-f1", "r_inv", "(0,1)", "f1"};
  const auto word = groups::parse_word(text, names);
  law(groups::parse_word(groups::to_string(word, names), names).size() == word.size(), "a word is read otherwise");
  law(groups::free_reduce(word).size() <= word.size(), "a word grew");
}

void parse_a_presentation(std::string_view text) {
  if (longest_number(text) > 3) return;  // longer powers are legal, and slow to write out
  const auto p = groups::parse_presentation(text);
  law(groups::to_string(groups::parse_presentation(groups::to_string(p))) == groups::to_string(p), "a presentation is read otherwise");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > longest_input) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 2, size - 2);
  const groups::point first_point = data[1] % 2;
  try {
    switch (data[0] % 9) {
      case 0:
        parse_catalogue(text);
        break;
      case 1:
        if (has_cheap_numbers(text)) check_graph(graphs::read_gap(text, "fuzz.gap"));
        break;
      case 2:
        if (text.find("spec") == std::string::npos || is_small_catalogue_text(text)) {
          check_graph(graphs::read_json(text, "fuzz.json", first_point));
        }
        break;
      case 3:
        if (has_cheap_numbers(text)) check_graph(graphs::read_twsearch(text, "fuzz.tws"));
        break;
      case 4: {
        const auto end = std::min(text.find('\n'), text.size());  // the first line is the type
        check_graph(graphs::read_santa(std::string_view(text).substr(std::min(end + 1, text.size())), "fuzz.csv",
                                       text.substr(0, end)));
        break;
      }
      case 5:
        parse_a_permutation(text, first_point);
        break;
      case 6:
        parse_a_pattern(text);
        break;
      case 7:
        parse_a_word(text);
        break;
      default:
        parse_a_presentation(text);
    }
  } catch (const cosetta::error&) {  // refused, as it should be
  }
  return 0;
}
