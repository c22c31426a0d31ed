// Products of rows of images: every instruction set against the definition, at every width and degree, in place too.
#include <kernels/image_rows.hpp>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <tests/seeded.hpp>

namespace image_rows_test {
namespace {

using namespace cosetta::kernels;

template <class Image>
class row {
 public:
  explicit row(std::size_t padded) : size_(padded), data_(static_cast<Image*>(std::aligned_alloc(64, (padded * sizeof(Image) + 63) / 64 * 64))) {
    for (std::size_t i = 0; i < size_; ++i) data_.get()[i] = static_cast<Image>(i);
  }
  Image* data() { return data_.get(); }
  std::vector<Image> images() const { return {data_.get(), data_.get() + size_}; }

 private:
  struct release {
    void operator()(Image* p) const { std::free(p); }
  };
  std::size_t size_;
  std::unique_ptr<Image, release> data_;
};

template <class Image>
void check(std::mt19937_64& random, std::size_t degree) {
  const auto padded = padded_images<Image>(degree);
  REQUIRE(padded >= degree);
  REQUIRE(padded * sizeof(Image) % 64 == 0);
  row<Image> a(padded), b(padded), out(padded);
  std::shuffle(a.data(), a.data() + degree, random);
  std::shuffle(b.data(), b.data() + degree, random);
  const auto first = a.images(), second = b.images();
  std::vector<Image> expected(padded);
  for (std::size_t i = 0; i < padded; ++i) expected[i] = second[first[i]];
  for (const auto set : all_instruction_sets()) {
    if (!is_supported(set)) continue;
    INFO(std::string(to_string(set)) << ", " << sizeof(Image) << " bytes, degree " << degree);
    const auto compose = compose_images_for<Image>(set, padded);
    compose(a.data(), b.data(), out.data(), padded);
    REQUIRE(out.images() == expected);
    compose(a.data(), b.data(), a.data(), padded);  // in place
    REQUIRE(a.images() == expected);
    REQUIRE(b.images() == second);
    std::copy(first.begin(), first.end(), a.data());
    compose(a.data(), a.data(), out.data(), padded);  // a square
    std::vector<Image> square(padded);
    for (std::size_t i = 0; i < padded; ++i) square[i] = first[first[i]];
    REQUIRE(out.images() == square);
    invert_images(a.data(), out.data(), padded);
    compose(a.data(), out.data(), a.data(), padded);
    REQUIRE(a.images() == row<Image>(padded).images());
    std::copy(first.begin(), first.end(), a.data());
  }
}

}  // namespace

TEST_CASE("products of image rows agree in all instruction sets", "[kernels][image_rows]") {
  const auto s = cosetta::tests::seed(0x10a6e);
  INFO("seed " << s);
  std::mt19937_64 random(s);
  for (std::size_t degree = 1; degree <= 300; ++degree) {
    if (degree <= 256) check<std::uint8_t>(random, degree);
    check<std::uint16_t>(random, degree);
    check<std::uint32_t>(random, degree);
  }
  for (const std::size_t degree : {1000, 4095, 65535, 65536}) check<std::uint16_t>(random, degree);
  for (const std::size_t degree : {1000, 65536, 65537, 100003}) check<std::uint32_t>(random, degree);
}

TEST_CASE("byte rows have one, two or four vectors", "[kernels][image_rows]") {
  CHECK(padded_images<std::uint8_t>(0) == 64);
  CHECK(padded_images<std::uint8_t>(64) == 64);
  CHECK(padded_images<std::uint8_t>(65) == 128);
  CHECK(padded_images<std::uint8_t>(128) == 128);
  CHECK(padded_images<std::uint8_t>(129) == 256);
  CHECK(padded_images<std::uint8_t>(256) == 256);
  CHECK(padded_images<std::uint16_t>(257) == 288);
  CHECK(padded_images<std::uint32_t>(65537) == 65552);
}

}  // namespace image_rows_test
