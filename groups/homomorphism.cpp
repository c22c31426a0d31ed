#include <groups/homomorphism.hpp>
#include <kernels/error.hpp>

#include <algorithm>
#include <mutex>
#include <numeric>

#include <fmt/format.h>

namespace cosetta::groups {

namespace {

/// a on the points 0..m-1, b on m..m+n-1.
permutation pair_of(const permutation& a, const permutation& b) {
  std::vector<point> images = a.images();
  const auto m = static_cast<point>(a.degree());
  images.reserve(a.degree() + b.degree());
  for (point p = 0; p < b.degree(); ++p) images.push_back(m + b[p]);
  return permutation(images);
}

permutation first_of(const permutation& pair, std::size_t m) {
  std::vector<point> images(m);
  for (std::size_t p = 0; p < m; ++p) images[p] = pair[p];
  return permutation(images);
}

permutation second_of(const permutation& pair, std::size_t m) {
  std::vector<point> images(pair.degree() - m);
  for (std::size_t p = 0; p < images.size(); ++p) images[p] = pair[m + p] - static_cast<point>(m);
  return permutation(images);
}

chain_options inherited(const permutation_group& g) {
  chain_options options;
  options.wanted = g.proof();
  options.seed = g.options().seed;
  options.row_bytes = g.options().row_bytes;
  options.control = g.options().control;
  return options;
}

[[noreturn]] void refuse(const permutation& x, const char* group) {
  throw domain_error(fmt::format("{} of degree {} is not in the {} of the homomorphism", to_cycles(x), x.degree(), group));
}

}  // namespace

struct homomorphism::state {
  permutation_group source;
  std::vector<permutation> images;
  std::size_t target_degree;

  std::once_flag made_pairs, made_image, made_preimages;
  permutation_group pairs;      // base among the points of the source
  permutation_group image;
  permutation_group preimages;  // of pairs, too: base first that of the image, then any
  permutation_group kernel;

  std::size_t m() const { return source.degree(); }

  std::vector<permutation> pair_generators() const {
    std::vector<permutation> out;
    for (std::size_t i = 0; i < images.size(); ++i) out.push_back(pair_of(source.generators()[i], images[i]));
    return out;
  }

  const permutation_group& get_pairs() {
    std::call_once(made_pairs, [this] {
      auto options = inherited(source);
      options.base_prefix = source.base();
      if (options.wanted == certainty::proven) options.known_order = source.order();
      pairs = permutation_group(pair_generators(), m() + target_degree, std::move(options));
    });
    return pairs;
  }

  const permutation_group& get_image() {
    std::call_once(made_image, [this] { image = permutation_group(images, target_degree, inherited(source)); });
    return image;
  }

  void make_preimages() {
    std::call_once(made_preimages, [this] {
      auto options = inherited(source);
      for (const auto b : get_image().base()) options.base_prefix.push_back(static_cast<point>(m()) + b);
      const auto base = options.base_prefix.size();
      if (options.wanted == certainty::proven) options.known_order = source.order();
      preimages = permutation_group(pair_generators(), m() + target_degree, std::move(options));
      std::vector<permutation> generators;
      for (const auto& s : preimages.chain().strong_generators(base)) generators.push_back(first_of(s, m()));
      auto of_kernel = inherited(source);
      if (of_kernel.wanted == certainty::proven) of_kernel.known_order = source.order() / get_image().order();
      kernel = permutation_group(std::move(generators), m(), std::move(of_kernel));
    });
  }
};

homomorphism::homomorphism(permutation_group source, std::vector<permutation> images, std::size_t target_degree)
    : state_(std::make_shared<state>()) {
  state_->source = std::move(source);
  state_->images = std::move(images);
  state_->target_degree = target_degree;
}

const permutation_group& homomorphism::source() const noexcept {
  return state_->source;
}
const std::vector<permutation>& homomorphism::generator_images() const noexcept {
  return state_->images;
}
std::size_t homomorphism::target_degree() const noexcept {
  return state_->target_degree;
}
const permutation_group& homomorphism::image() const {
  return state_->get_image();
}

permutation homomorphism::image(const permutation& g) const {
  if (g.degree() != state_->m()) refuse(g, "source");
  // Sifting (g, 1) divides by (g, image of g), which leaves (1, its inverse).
  const auto residue = state_->get_pairs().chain().sift(pair_of(g, permutation(target_degree()))).residue;
  if (!first_of(residue, state_->m()).is_identity()) refuse(g, "source");
  return second_of(residue, state_->m()).inverse();
}

permutation_group homomorphism::image(const permutation_group& subgroup) const {
  std::vector<permutation> images;
  for (const auto& s : subgroup.generators()) images.push_back(image(s));
  return permutation_group(std::move(images), target_degree(), inherited(source()));
}

const permutation_group& homomorphism::kernel() const {
  state_->make_preimages();
  return state_->kernel;
}

std::optional<permutation> homomorphism::preimage(const permutation& h) const {
  if (!image().contains(h)) return std::nullopt;
  state_->make_preimages();
  // Sifting (1, h) divides by some (g, h): what is left is (1/g, 1), whatever the levels of the kernel do with it.
  const auto residue = state_->preimages.chain().sift(pair_of(permutation(state_->m()), h)).residue;
  return first_of(residue, state_->m()).inverse();
}

permutation_group homomorphism::preimage(const permutation_group& subgroup) const {
  std::vector<permutation> generators = kernel().generators();
  for (const auto& s : subgroup.generators()) {
    auto x = preimage(s);
    if (!x) refuse(s, "image");
    generators.push_back(std::move(*x));
  }
  auto options = inherited(source());
  if (options.wanted == certainty::proven && subgroup.proof() == certainty::proven) {
    options.known_order = kernel().order() * subgroup.order();
  }
  return permutation_group(std::move(generators), state_->m(), std::move(options));
}

bool homomorphism::is_injective() const {
  return image().order() == source().order();
}

bool homomorphism::is_surjective(const permutation_group& target) const {
  return std::all_of(target.generators().begin(), target.generators().end(),
                     [this](const permutation& s) { return image().contains(s); });
}

homomorphism make_homomorphism(const permutation_group& source, std::vector<permutation> images, std::size_t target_degree) {
  const auto& generators = source.generators();
  if (images.size() != generators.size()) {
    throw domain_error(fmt::format("{} images for {} generators: give one for each", images.size(), generators.size()));
  }
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (images[i].degree() != target_degree) {
      throw domain_error(fmt::format("the image of generator {} has degree {}, the target {}", i, images[i].degree(), target_degree));
    }
  }
  // What often goes wrong is seen at once.
  for (std::size_t i = 0; i < images.size(); ++i) {
    const auto a = order(generators[i]);
    const auto b = order(images[i]);
    if (a % b != 0) {
      throw domain_error(fmt::format("no homomorphism: generator {} has order {}, which the order {} of its image does not divide", i,
                                     a.get_str(), b.get_str()));
    }
  }
  std::vector<permutation> pairs;
  for (std::size_t i = 0; i < images.size(); ++i) pairs.push_back(pair_of(generators[i], images[i]));
  auto options = inherited(source);
  options.base_prefix = source.base();
  const auto base = options.base_prefix.size();
  const permutation_group graph(std::move(pairs), source.degree() + target_degree, std::move(options));
  if (graph.order() != source.order()) {
    // Elements of the graph over the identity; one that is not trivial there is a second image of it.
    std::string second = "another element";
    for (const auto& s : graph.chain().strong_generators(base)) {
      if (first_of(s, source.degree()).is_identity()) second = to_cycles(second_of(s, source.degree()));
    }
    throw domain_error(fmt::format("no homomorphism: a product of the generators that is the identity goes to {}", second));
  }
  return homomorphism(source, std::move(images), target_degree);
}

homomorphism compose(const homomorphism& first, const homomorphism& second) {
  std::vector<permutation> images;
  for (const auto& s : first.generator_images()) images.push_back(second.image(s));
  return homomorphism(first.source(), std::move(images), second.target_degree());
}

homomorphism action_on_points(const permutation_group& g, std::span<const point> points) {
  return homomorphism(g, restrict_to(g.generators(), points), points.size());
}

homomorphism action_on_orbit(const permutation_group& g, point seed) {
  auto orbit = point_orbit(g.generators(), g.degree(), seed).points();
  std::sort(orbit.begin(), orbit.end());
  return action_on_points(g, orbit);
}

homomorphism action_on_blocks(const permutation_group& g, const block_system& system) {
  return homomorphism(g, block_action(g.generators(), system), system.count);
}

}  // namespace cosetta::groups
