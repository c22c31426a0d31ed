// Comma-separated values: what is written is read back, and bad rows are named by line.
#include <graphs/csv.hpp>
#include <kernels/error.hpp>

#include <random>

#include <catch2/catch.hpp>
#include <tests/effort.hpp>
#include <tests/seeded.hpp>

namespace cosetta::graphs {
namespace csv_test {
namespace {

using row = std::vector<std::string>;

std::vector<row> rows_of(std::string_view text) {
  csv_reader reader(text, "f.csv");
  std::vector<row> out;
  for (row fields; reader.next(fields);) out.push_back(fields);
  return out;
}

TEST_CASE("csv: fields, quotes and what is passed over", "[graphs][csv]") {
  CHECK(rows_of("").empty());
  CHECK(rows_of("\n\r\n  \n").empty());
  CHECK(rows_of("a,b\n1,2") == std::vector<row>{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of("\xef\xbb\xbf" "a,b\r\n\r\n1,2\r\n") == std::vector<row>{{"a", "b"}, {"1", "2"}});
  CHECK(rows_of(" a , \"b,c\" ,\"d\"\"e\"\n") == std::vector<row>{{"a", "b,c", "d\"e"}});
  CHECK(rows_of("0,\n,\n") == std::vector<row>{{"0", ""}, {"", ""}});
  CHECK(rows_of("\"two\nlines\",x\ny,\"\"") == std::vector<row>{{"two\nlines", "x"}, {"y", ""}});
  CHECK(rows_of("a\"b,c") == std::vector<row>{{"a\"b", "c"}});
}

TEST_CASE("csv: lines are counted where rows begin", "[graphs][csv]") {
  csv_reader reader("h\n\n\"a\nb\"\nc\n", "f.csv");
  row fields;
  std::vector<std::size_t> lines;
  while (reader.next(fields)) lines.push_back(reader.line());
  CHECK(lines == std::vector<std::size_t>{1, 3, 5});
}

TEST_CASE("csv: errors name file and line", "[graphs][csv]") {
  CHECK_THROWS_WITH(rows_of("a\nb,\"c\nd"), Catch::StartsWith("f.csv:2: a quoted field"));
  CHECK_THROWS_WITH(rows_of("a\n\"b\"c,d"), Catch::StartsWith("f.csv:2: 'c' after"));
}

TEST_CASE("csv: what is written is read back", "[graphs][csv]") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"x\"") == "\"say \"\"x\"\"\"");
  CHECK(csv_field(" x") == "\" x\"");
  std::mt19937_64 random(tests::seed(1));
  for (std::size_t round = 0; round < tests::repeats(2000); ++round) {
    std::vector<row> rows(1 + random() % 4);
    std::string text;
    for (auto& fields : rows) {
      fields.resize(2 + random() % 3);
      for (auto& f : fields) {
        for (auto n = random() % 6; n > 0; --n) f += "a,\"\n\r\t x;"[random() % 9];
        text += (&f == &fields.front() ? "" : ",") + csv_field(f);
      }
      text += '\n';
    }
    INFO(text);
    CHECK(rows_of(text) == rows);
  }
}

}  // namespace
}  // namespace csv_test
}  // namespace cosetta::graphs
