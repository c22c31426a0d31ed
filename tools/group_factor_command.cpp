#include <groups/word_factorization.hpp>
#include <tools/group_call.hpp>

namespace cosetta::tools {

namespace {

struct factor_arguments {
  group_arguments group;
  std::vector<std::string> elements;
  groups::word_budget budget;
  int effort = 1;
  bool positive = false;
};

/// Words as users read them: an inverse that is a generator is called so; with `positive` the others are powers.
class word_writer {
 public:
  word_writer(const group_source& source, bool positive) : names_(source.graph().names()), positive_(positive) {
    std::visit([this](const auto& set) { inverses_ = set.inverse_indices(); }, source.graph().generators());
    if (!positive) return;
    const auto& generators = source.as_permutations().generators();
    for (const auto& g : generators) orders_.push_back(groups::order(g));
  }

  groups::word finished(const groups::word& w) const {
    groups::word out = w;
    for (auto& letter : out) {
      const auto i = static_cast<std::size_t>(std::abs(letter) - 1);
      if (letter < 0 && inverses_[i]) letter = static_cast<std::int32_t>(*inverses_[i] + 1);
    }
    return positive_ ? without_inverses(out) : out;
  }

  /// Throws domain_error when the text would be read back as another word: names may hold dots and marks of inverses.
  std::string text(const groups::word& w) const {
    const auto written = groups::to_string(w, names_);
    bool same = false;
    try {
      same = groups::parse_word(written, names_) == w;
    } catch (const parse_error&) {
      same = false;
    }
    if (!same) {
      throw domain_error(fmt::format("the word '{}' would be read back as another one, since names of generators ({}) hold dots or marks of inverses: rename them",
                                     written.substr(0, 60), fmt::join(std::span(names_).first(std::min<std::size_t>(names_.size(), 12)), " ")));
    }
    return written;
  }

 private:
  static constexpr std::size_t longest_ = std::size_t{1} << 24;

  /// Runs of a letter as powers below its order. Throws resource_error beyond `longest_` letters.
  groups::word without_inverses(const groups::word& w) const {
    std::vector<std::pair<std::int32_t, mpz_class>> runs;
    for (const auto letter : w) {
      const auto g = std::abs(letter);
      const auto& order = orders_[static_cast<std::size_t>(g - 1)];
      if (runs.empty() || runs.back().first != g) runs.emplace_back(g, 0);
      auto& exponent = runs.back().second;
      exponent += letter > 0 ? mpz_class(1) : mpz_class(order - 1);
      if (exponent >= order) exponent -= order;
      if (exponent == 0) runs.pop_back();
    }
    groups::word out;
    for (const auto& [letter, exponent] : runs) {
      if (exponent > longest_ - out.size()) {
        throw resource_error(fmt::format("--positive: the word would pass {} letters, since {}' is {}^{}; leave --positive out", longest_,
                                         names_[static_cast<std::size_t>(letter - 1)], names_[static_cast<std::size_t>(letter - 1)],
                                         mpz_class(orders_[static_cast<std::size_t>(letter - 1)] - 1).get_str()));
      }
      out.insert(out.end(), exponent.get_ui(), letter);
    }
    return out;
  }

  const std::vector<std::string>& names_;
  bool positive_;
  std::vector<std::optional<std::size_t>> inverses_;
  std::vector<mpz_class> orders_;
};

groups::word_solver make_solver(const group_source& source, groups::word_budget budget) {
  try {
    return groups::word_solver(source.as_permutations(), budget, source.control());
  } catch (const resource_error& e) {
    throw resource_error(fmt::format("{}; words have {} (half of --memory)", e.what(), format_bytes(static_cast<double>(budget.memory_bytes))));
  }
}

int run_factor(const factor_arguments& a, const std::string& command_line) {
  group_call call(a.group, command_line);
  const auto& source = call.source();
  std::vector<group_source::element> elements;
  for (const auto& text : a.elements) elements.push_back(source.parse(text));
  auto budget = a.budget;
  budget.seed = a.group.graph.seed;
  if (const auto half = a.group.half_of_memory()) budget.memory_bytes = *half;
  return call.run([&] {
    call.result()["words"] = ordered_json::array();
    call.columns({"element", "word", "length"});
    call.ready();
    call.result()["proof"] = proof_name(source.proof());
    auto& words = call.result()["words"];
    std::optional<groups::word_solver> solver;  // not for elements outside the group
    std::optional<word_writer> writer;
    bool all = true;
    for (const auto& element : elements) {
      call.flush();
      call.check();
      if (!source.contains(element)) {
        all = false;
        words.push_back({{"word", nullptr}, {"length", nullptr}});
        call.row({source.text(element), "", ""});
        if (!a.group.output.quiet) {
          print_error_line(fmt::format("cosetta: '{}' is {} an element of the group: it has no word", source.text(element),
                                       source.proof() == groups::certainty::proven ? "not" : "probably not (Monte Carlo)"));
        }
        continue;
      }
      if (!solver) {
        solver.emplace(make_solver(source, budget));
        writer.emplace(source, a.positive);
        call.set_up();
      }
      const auto word = writer->finished(solver->factor(source.action_of(element), groups::word_effort::level(a.effort), source.control()));
      const auto written = writer->text(word);
      call.text(fmt::format("{}   {}\n", written, word.size()));
      call.row({source.text(element), written, fmt::format("{}", word.size())});
      words.push_back({{"word", written}, {"length", word.size()}});
    }
    return all ? answered : answered_no;
  });
}

}  // namespace

void add_group_factor(CLI::App& noun, invocation& call) {
  auto* verb = noun.add_subcommand("factor", "write elements as words in the generators");
  const auto a = std::make_shared<factor_arguments>();
  add_group_arguments(*verb, a->group);
  verb->add_option("ELEMENT", a->elements, "[1,0,2], \"(0 1)(2 3)\", a word @L.R.X, or a matrix [[1,1],[0,1]]")->required();
  verb->add_flag("--positive", a->positive, "no inverses that are not generators: a' becomes a power of a, and words long");
  verb->add_option("--words", a->budget.words, "elements to sift for the tables")->check(check_natural)->capture_default_str();
  verb->add_option("--effort", a->effort, "0 quick, 1 default; each step takes about four times as long")->check(CLI::Range(0, 4))->capture_default_str();
  verb->footer(
      "The product of the letters, left to right, is the element (a.b is first a, then b); its length follows. Words are\n"
      "short, not shortest. Exit code 1: not an element of the group.\n"
      "An inverse that is a generator is written by its name. Others are written a', or -a or a_inv where a' is a generator\n"
      "of its own, and words read them so; a directed graph has no such steps: --positive writes a' as a power of a.\n\n"
      "Examples:\n  cosetta group factor lrx:8 \"[7,6,5,4,3,2,1,0]\"\n  cosetta group factor lrx:5 \"(0 1)(2 3)\" @L.L.X --json\n"
      "  cosetta group factor lx:5 \"(0 1)(2 3)\" --positive");
  verb->callback([=, &call] { call.action = [=, &call] { return run_factor(*a, call.command_line); }; });
}

}  // namespace cosetta::tools
