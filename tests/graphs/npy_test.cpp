// NumPy files byte for byte, as numpy.save writes them (format 1.0).
#include <graphs/npy.hpp>

#include <array>
#include <vector>

#include <catch2/catch.hpp>

namespace cosetta::graphs {
namespace npy_test {
namespace {

using shape = std::vector<std::uint64_t>;

TEST_CASE("npy: the header is what numpy.save writes", "[graphs][npy]") {
  // numpy.save of numpy.zeros((2, 3), dtype="uint8") and of numpy.zeros(5, dtype="int64"), without the numbers.
  const std::string two = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + "{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }" + std::string(58, ' ') + "\n";
  CHECK(two.size() == 128);
  CHECK(npy_header(npy_type::uint8, shape{2, 3}) == two);
  const std::string one = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + "{'descr': '<i8', 'fortran_order': False, 'shape': (5,), }" + std::string(60, ' ') + "\n";
  CHECK(npy_header(npy_type::int64, shape{5}) == one);
  CHECK(npy_header(npy_type::uint16, shape{1, 2, 3}).find("'<u2', 'fortran_order': False, 'shape': (1, 2, 3), }") != std::string::npos);
  CHECK(npy_header(npy_type::uint32, shape{}).find("'<u4', 'fortran_order': False, 'shape': (), }") != std::string::npos);
  for (std::uint64_t n = 1; n != 0 && n < (std::uint64_t{1} << 60); n *= 7) CHECK(npy_header(npy_type::uint8, shape{n, n, n}).size() % 64 == 0);
}

TEST_CASE("npy: numbers are little-endian, of the narrowest type", "[graphs][npy]") {
  CHECK(npy_type_for(255) == npy_type::uint8);
  CHECK(npy_type_for(256) == npy_type::uint16);
  CHECK(npy_type_for(65536) == npy_type::uint32);
  CHECK(npy_type_for(std::uint64_t{1} << 32) == npy_type::int64);
  const std::array<std::uint64_t, 2> numbers{1, 0x0203};
  std::string out;
  append_npy(out, npy_type::uint16, std::span(numbers));
  CHECK(out == std::string("\x01\x00\x03\x02", 4));
  out.clear();
  append_npy(out, npy_type::uint32, std::span(numbers));
  CHECK(out == std::string("\x01\x00\x00\x00\x03\x02\x00\x00", 8));
  out.clear();
  const std::array<std::uint64_t, 1> minus_one{~std::uint64_t{0}};
  append_npy(out, npy_type::int64, std::span(minus_one));
  CHECK(out == std::string(8, '\xff'));
  out.clear();
  const std::array<std::uint32_t, 3> bytes{0, 7, 255};
  append_npy(out, npy_type::uint8, std::span(bytes));
  CHECK(out == std::string("\x00\x07\xff", 3));
}

}  // namespace
}  // namespace npy_test
}  // namespace cosetta::graphs
