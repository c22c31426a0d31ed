// SVG as text: escaped strings, short numbers, lines, marks and words, and the document around them. Pixels are those of a picture 800
// wide. Widths of words are estimated on the wide side (DejaVu Sans), since the font is the reader's.
#pragma once

#include <tools/figures/figures.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cosetta::figures {

inline constexpr double figure_width = 800;
inline constexpr double small_size = 12, text_size = 14, title_size = 18;  // px; nothing is smaller

/// Okabe and Ito's, without the yellow, which white swallows, and with black last.
inline constexpr std::array<std::string_view, 7> palette{"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"};
inline constexpr std::array<std::string_view, 4> dash_patterns{"", "8 4", "8 3 2 3", "2 3"};
inline constexpr std::string_view ink = "#222222", faint_ink = "#666666", grid_ink = "#dddddd", accent = "#D55E00";

/// For text and attributes. What XML 1.0 cannot hold (control characters, broken UTF-8) becomes U+FFFD.
std::string escape(std::string_view text);
/// At most two decimals, none where they are 0; never -0.
std::string number(double x);
/// Of plain text in a size; an overestimate for most fonts.
double text_width(std::string_view text, double size);
/// Words in lines of at most `width`, at blanks where possible; what does not fit `most` lines ends in "...".
std::vector<std::string> wrapped(std::string_view text, double size, double width, std::size_t most);

struct word_style {
  double size = text_size;
  std::string_view anchor = "start";
  std::string_view fill = ink;
  bool bold = false;
  double turned = 0;  // degrees around its place
  std::string_view klass = "";
  bool halo = false;  // a white rim, where it stands on lines
};
/// `markup` is escaped already and may hold <tspan>s.
std::string words(double x, double y, std::string_view markup, const word_style& style = {});
inline constexpr double raised = 5.6;  // px that an exponent is higher
inline constexpr std::string_view minus_sign = "\xE2\x88\x92";
/// "10" with the exponent raised; the text after it would be, too.
std::string power_of_ten(long exponent);
/// -1.5 after a blank or at the beginning, with a minus sign for the hyphen.
std::string with_minus_signs(std::string text);

struct stroke {
  std::string_view colour = ink;
  double width = 1;
  std::string_view dashes = "";
};
std::string line(double x1, double y1, double x2, double y2, const stroke& s);
/// Consecutive equal points are drawn once; nothing for fewer than two points.
std::string polyline(const std::vector<std::pair<double, double>>& points, const stroke& s, std::string_view klass = "");

inline constexpr std::size_t mark_shapes = 6;
/// Circle, square, triangle, diamond, triangle downwards, plus; `open`: only its outline. With what it says as <title>, unescaped.
std::string mark(std::size_t shape, double x, double y, double radius, std::string_view colour, bool open = false, std::string_view says = "", std::string_view klass = "mark");

struct legend_entry {
  std::string sample;  // markup around (0, 0), 36 px wide
  std::string text;    // not escaped
};
/// Rows of entries, as many in a row as fit; adds its height to `y`, where it begins.
std::string legend(const std::vector<legend_entry>& entries, double& y);

/// Grows from above: the title, then what is added at `y`, and the command at the foot.
struct picture {
  explicit picture(const caption& text, std::string_view own_title);

  /// The whole element.
  std::string finish() const;

  caption about;
  std::string title;  // the caller's, or the figure's own
  std::string description;  // for <desc>, before the command
  std::string body;
  double y = 0;  // what is above is taken
};

}  // namespace cosetta::figures
