#include <groups/blocks.hpp>
#include <groups/conjugacy_classes.hpp>
#include <groups/matrix_group.hpp>
#include <groups/permutation_group.hpp>
#include <groups/series.hpp>
#include <groups/structure.hpp>
#include <groups/transitivity.hpp>
#include <groups/word.hpp>
#include <groups/word_factorization.hpp>
#include <kernels/error.hpp>
#include <tools/python/bindings.hpp>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>

namespace cosetta::python {

namespace {

using groups::certainty;
using matrix_group = groups::matrix_group<groups::matrix>;

/// A group of a graph's generators. What a group knows it finds out at the first question, and asks for leave by what it was given when it was
/// made; but each question here has its own limits. So a group is given a stop source of its own, which the limits of the question ask to stop, and
/// is made anew after that.
class held_group {
 public:
  held_group(const graphs::graph_definition& graph, bool monte_carlo, std::uint64_t seed) : graph_(graph), monte_carlo_(monte_carlo), seed_(seed) {}

  const graphs::graph_definition& graph() const noexcept { return graph_; }

  template <class Question>
  auto ask(double seconds, const Question& question) {
    search::run_context context;
    long_work work(context);
    return work.run([&] {
      const std::lock_guard lock(mutex_);
      if (!made_ || made_->stop.stop_requested()) made_ = std::make_unique<made>(graph_, monte_carlo_, seed_);
      const std::stop_callback on_stop(context.stop, [this] { made_->stop.request_stop(); });
      bool late = false;
      const timer clock(seconds, [&] { late = true, made_->stop.request_stop(); });
      try {
        return question(*made_);
      } catch (const groups::stopped_error&) {
        if (!late) throw;
        throw groups::stopped_error("the time limit was reached: raise time");
      }
    });
  }

  struct made {
    made(const graphs::graph_definition& graph, bool monte_carlo, std::uint64_t seed) {
      options.seed = seed;
      if (monte_carlo) options.wanted = certainty::monte_carlo;
      options.control.stop = stop.get_token();
      if (const auto* set = graph.permutations()) {
        permutations.emplace(set->elements(), graph.degree(), options);
      } else {
        matrices.emplace(groups::make_matrix_group(graph.matrices()->elements(), options));
      }
    }

    const groups::group_control& control() const noexcept { return options.control; }
    /// The group, or, of matrices, its faithful action on row vectors.
    const groups::permutation_group& as_permutations() {
      if (permutations) return *permutations;
      if (!action) {
        auto known = options;
        known.wanted = matrices->proof(), known.known_order = matrices->order();
        auto images = matrices->vector_action();
        const auto degree = images[0].degree();
        action.emplace(std::move(images), degree, std::move(known));
      }
      return *action;
    }
    const mpz_class& order() const { return permutations ? permutations->order() : matrices->order(); }
    certainty proof() const { return permutations ? permutations->proof() : matrices->proof(); }

    std::stop_source stop;
    groups::chain_options options;
    std::optional<groups::permutation_group> permutations, action;
    std::optional<matrix_group> matrices;
    std::unique_ptr<groups::word_solver> solver;
  };

 private:
  class timer {
   public:
    timer(double seconds, std::function<void()> then) {
      if (seconds < 0) return;
      thread_ = std::jthread([this, seconds, then = std::move(then)](const std::stop_token& ended) {
        std::unique_lock lock(mutex_);
        if (!wake_.wait_for(lock, ended, std::chrono::duration<double>(seconds), [&] { return ended.stop_requested(); })) then();
      });
    }

   private:
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::jthread thread_;
  };

  graphs::graph_definition graph_;
  bool monte_carlo_;
  std::uint64_t seed_;
  std::mutex mutex_;
  std::unique_ptr<made> made_;
};

using made = held_group::made;

// ------------------------------------------------------------------------------------------------------------------ elements

/// (k, n) images, or (k, n, n) matrices. Throws domain_error for what is no bijection.
std::vector<groups::permutation> permutations_from(const state_array& rows, std::size_t n) {
  std::vector<groups::permutation> out;
  std::vector<groups::point> images(n);
  for (py::ssize_t at = 0; at < rows.size(); at += static_cast<py::ssize_t>(n)) {
    for (std::size_t i = 0; i < n; ++i) {
      const auto image = rows.data()[static_cast<std::size_t>(at) + i];
      if (image < 0 || image >= static_cast<std::int64_t>(n)) throw domain_error(fmt::format("point {} is outside 0..{}", image, n - 1));
      images[i] = static_cast<groups::point>(image);
    }
    out.push_back(groups::make_permutation(images));
  }
  return out;
}

std::vector<groups::matrix> matrices_from(const state_array& rows, const graphs::graph_definition& graph) {
  std::vector<groups::matrix> out;
  const auto n = graph.degree();
  for (std::size_t at = 0; at < static_cast<std::size_t>(rows.size()); at += n * n) {
    out.push_back(groups::make_matrix(n, n, graph.modulus(), std::span(rows.data() + at, n * n)));
  }
  return out;
}

py::array array_of(const std::vector<groups::permutation>& elements, std::size_t n) {
  std::vector<std::uint64_t> out;
  out.reserve(elements.size() * n);
  for (const auto& p : elements) {
    for (std::size_t i = 0; i < n; ++i) out.push_back(p[i]);
  }
  return owning_array<std::int64_t>(std::move(out), {static_cast<py::ssize_t>(elements.size()), static_cast<py::ssize_t>(n)});
}

py::array array_of(const std::vector<groups::matrix>& elements, std::size_t n) {
  std::vector<std::uint64_t> out;
  for (const auto& m : elements) out.insert(out.end(), m.entries().begin(), m.entries().end());
  return owning_array<std::int64_t>(std::move(out), {static_cast<py::ssize_t>(elements.size()), static_cast<py::ssize_t>(n), static_cast<py::ssize_t>(n)});
}

/// One-line images, cycles, or a word "@L.R.X": the product of its letters, left to right. Matrices: words.
py::array element_from(held_group& g, std::string text) {
  const auto& graph = g.graph();
  const auto n = graph.degree();
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  const auto one = [](const py::array& rows) { return py::array(rows.attr("__getitem__")(0)); };
  if (text.starts_with('@')) {
    const auto word = groups::parse_word(text.substr(1), graph.names());
    if (const auto* set = graph.permutations()) return one(array_of(std::vector{groups::evaluate(word, *set, groups::permutation(n))}, n));
    return one(array_of(std::vector{groups::evaluate(word, *graph.matrices(), groups::matrix::identity(n, graph.modulus()))}, n));
  }
  if (graph.permutations() == nullptr) throw parse_error(fmt::format("element '{}': expected a word @a.b, or rows [[1,1],[0,1]]", text.substr(0, 60)));
  return one(array_of(std::vector{groups::parse_permutation(text, n)}, n));
}

/// The elements whose rows these are, as what the graph's generators are.
std::pair<std::vector<groups::permutation>, std::vector<groups::matrix>> elements_from(const state_array& rows, const graphs::graph_definition& graph) {
  if (graph.matrices() == nullptr) return {permutations_from(rows, graph.degree()), {}};
  return {std::vector<groups::permutation>(), matrices_from(rows, graph)};
}

std::vector<bool> contains(held_group& g, const state_array& rows, double seconds) {
  const auto [permutations, matrices] = elements_from(rows, g.graph());
  return g.ask(seconds, [&](made& group) {
    std::vector<bool> out;
    for (const auto& p : permutations) out.push_back(group.permutations->contains(p));
    for (const auto& m : matrices) out.push_back(group.matrices->contains(m));
    return out;
  });
}

py::array random(held_group& g, std::size_t count, std::uint64_t seed, double seconds) {
  std::vector<groups::permutation> permutations;
  std::vector<groups::matrix> matrices;
  g.ask(seconds, [&](made& group) {
    std::mt19937_64 rng(seed);
    for (std::size_t i = 0; i < count; ++i) {
      if (i % 64 == 0) group.control().check();
      if (group.permutations) {
        permutations.push_back(group.permutations->random(rng));
      } else {
        matrices.push_back(group.matrices->random(rng));
      }
    }
    return true;
  });
  const auto n = g.graph().degree();
  return g.graph().matrices() == nullptr ? array_of(permutations, n) : array_of(matrices, n);
}

/// Words whose letters are +i and -i for generator i and its inverse, from 1; nothing for what is no element.
std::vector<std::optional<groups::word>> factor(held_group& g, const state_array& rows, int effort, double seconds) {
  const auto [permutations, matrices] = elements_from(rows, g.graph());
  const auto inverses = std::visit([](const auto& set) { return set.inverse_indices(); }, g.graph().generators());
  return g.ask(seconds, [&](made& group) {
    std::vector<std::optional<groups::word>> out;
    const auto count = std::max(permutations.size(), matrices.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (!(group.permutations ? group.permutations->contains(permutations[i]) : group.matrices->contains(matrices[i]))) {
        out.emplace_back();
        continue;
      }
      if (group.solver == nullptr) group.solver = std::make_unique<groups::word_solver>(group.as_permutations(), groups::word_budget{}, group.control());
      auto word = group.solver->factor(group.permutations ? permutations[i] : group.matrices->action_of(matrices[i]), groups::word_effort::level(effort), group.control());
      for (auto& letter : word) {
        if (letter < 0 && inverses[static_cast<std::size_t>(-letter - 1)]) letter = static_cast<std::int32_t>(*inverses[static_cast<std::size_t>(-letter - 1)] + 1);
      }
      out.emplace_back(std::move(word));
    }
    return out;
  });
}

// -------------------------------------------------------------------------------------------------------------------- the whole

const groups::permutation_group& of_permutations(made& group, const char* what) {
  if (!group.permutations) throw domain_error(fmt::format("{} are those of a group of permutations; this is one of matrices", what));
  return *group.permutations;
}

py::list classes(held_group& g, std::size_t limit, double seconds) {
  const auto found = g.ask(seconds, [&](made& group) {
    auto out = groups::conjugacy_classes(group.as_permutations(), limit);
    std::vector<groups::matrix> back;
    if (group.matrices) {
      for (const auto& c : out) back.push_back(group.matrices->matrix_of(c.representative));
    }
    return std::pair(std::move(out), std::move(back));
  });
  py::list out;
  const auto n = g.graph().degree();
  for (std::size_t i = 0; i < found.first.size(); ++i) {
    const auto& c = found.first[i];
    if (i % 1024 == 0 && PyErr_CheckSignals() != 0) throw py::error_already_set();
    py::array one = found.second.empty() ? array_of(std::vector{c.representative}, n) : array_of(std::vector{found.second[i]}, n);
    out.append(py::make_tuple(one.attr("__getitem__")(0), integer(c.size), integer(c.element_order), integer(c.centralizer_order)));
  }
  return out;
}

/// A property that the group of permutations, or the faithful action of a group of matrices, has.
template <bool (*Has)(const groups::permutation_group&)>
bool has(held_group& g, double seconds) {
  return g.ask(seconds, [](made& group) { return Has(group.as_permutations()); });
}

}  // namespace

void add_groups(py::module_& m) {
  py::class_<held_group>(m, "Group")
      .def(py::init<const graphs::graph_definition&, bool, std::uint64_t>())
      .def("order", [](held_group& g, double seconds) { return integer(g.ask(seconds, [](made& group) { return mpz_class(group.order()); })); })
      .def("proven", [](held_group& g, double seconds) { return g.ask(seconds, [](made& group) { return group.proof() == certainty::proven; }); })
      .def("element", &element_from)
      .def("contains", &contains)
      .def("random", &random)
      .def("factor", &factor)
      .def("orbits", [](held_group& g, double seconds) { return g.ask(seconds, [](made& group) { return groups::orbits(of_permutations(group, "orbits")); }); })
      .def("blocks",
           [](held_group& g, double seconds) {
             return g.ask(seconds, [](made& group) {
               std::vector<std::vector<std::vector<groups::point>>> out;
               for (const auto& system : groups::all_block_systems(of_permutations(group, "blocks").generators())) out.push_back(system.blocks());
               return out;
             });
           })
      .def("base", [](held_group& g, double seconds) { return g.ask(seconds, [](made& group) { return group.as_permutations().base(); }); })
      .def("transitivity", [](held_group& g, double seconds) { return g.ask(seconds, [](made& group) { return groups::transitivity(of_permutations(group, "orbits")); }); })
      .def("is_primitive", [](held_group& g, double seconds) { return g.ask(seconds, [](made& group) { return groups::is_primitive(of_permutations(group, "blocks")); }); })
      .def("is_abelian", &has<groups::is_abelian>)
      .def("is_solvable", &has<groups::is_solvable>)
      .def("is_nilpotent", &has<groups::is_nilpotent>)
      .def("is_perfect", &has<groups::is_perfect>)
      .def("number_of_classes", [](held_group& g, double seconds) { return integer(g.ask(seconds, [](made& group) { return groups::number_of_classes(group.as_permutations()); })); })
      .def("classes", &classes);
}

}  // namespace cosetta::python
