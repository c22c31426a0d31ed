#include <tools/figures/svg.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace cosetta::figures {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Bytes of the well-formed UTF-8 sequence at the front that XML may hold; 0 where there is none (Unicode 15, table 3-7).
std::size_t sequence_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return i < s.size() ? static_cast<unsigned char>(s[i]) : 0U; };
  const auto tail = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
  const unsigned a = at(0), b = at(1);
  if (a < 0x80) return a >= 0x20 || a == '\t' || a == '\n' || a == '\r' ? 1 : 0;
  if (a >= 0xC2 && a <= 0xDF) return tail(1) ? 2 : 0;
  if (a >= 0xE0 && a <= 0xEF) {
    if (!tail(1) || !tail(2) || (a == 0xE0 && b < 0xA0) || (a == 0xED && b > 0x9F)) return 0;
    return a == 0xEF && b == 0xBF && at(2) >= 0xBE ? 0 : 3;  // U+FFFE and U+FFFF are no characters of XML
  }
  if (a >= 0xF0 && a <= 0xF4) return tail(1) && tail(2) && tail(3) && !(a == 0xF0 && b < 0x90) && !(a == 0xF4 && b > 0x8F) ? 4 : 0;
  return 0;
}

/// Widths in thousandths of the size, of DejaVu Sans rounded up by classes.
double glyph_width(char c) {
  constexpr std::string_view narrow = "iIjl.,:;|!'()[]{} ftr/\\-", wide = "mMwW%@#<>=+~_^";
  if (narrow.find(c) != std::string_view::npos) return c == 'r' || c == 'f' || c == 't' ? 0.42 : 0.39;
  if (wide.find(c) != std::string_view::npos) return c == 'm' || c == 'M' || c == 'w' || c == 'W' || c == '%' || c == '@' ? 0.98 : 0.84;
  if (c >= 'A' && c <= 'Z') return 0.72;
  return 0.64;
}

std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325U) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string stroke_attributes(const stroke& s) {
  std::string out = fmt::format(" stroke=\"{}\" stroke-width=\"{}\"", s.colour, number(s.width));
  if (!s.dashes.empty()) out += fmt::format(" stroke-dasharray=\"{}\"", s.dashes);
  return out;
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto length = sequence_length(text);
    if (length == 0) {
      out += replacement;
    } else if (text[0] == '&') {
      out += "&amp;";
    } else if (text[0] == '<') {
      out += "&lt;";
    } else if (text[0] == '>') {
      out += "&gt;";
    } else if (text[0] == '"') {
      out += "&quot;";
    } else {
      out += text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string number(double x) {
  std::string out = fmt::format("{:.2f}", x);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  return out == "-0" ? "0" : out;
}

double text_width(std::string_view text, double size) {
  double sum = 0;
  for (const char c : text) sum += (static_cast<unsigned char>(c) & 0xC0U) == 0x80U ? 0 : glyph_width(c);
  return sum * size;
}

std::vector<std::string> wrapped(std::string_view text, double size, double width, std::size_t most) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t fits = 0, blank = 0;
    double sum = 0;
    for (; fits < text.size(); ++fits) {
      sum += text_width(text.substr(fits, 1), size);
      if (sum > width) break;
      if (text[fits] == ' ') blank = fits;
    }
    const bool all = fits == text.size();
    std::size_t end = all ? fits : blank > 0 ? blank : std::max<std::size_t>(fits, 1);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;  // not within a character
    if (lines.size() + 1 == most && !all) {
      std::size_t cut = std::max<std::size_t>(end, 4) - 3;
      while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
      lines.push_back(std::string(text.substr(0, cut)) + "...");
      break;
    }
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

std::string words(double x, double y, std::string_view markup, const word_style& style) {
  std::string out = fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"", number(x), number(y), number(style.size), style.fill);
  if (style.anchor != "start") out += fmt::format(" text-anchor=\"{}\"", style.anchor);
  if (style.bold) out += " font-weight=\"bold\"";
  if (style.turned != 0) out += fmt::format(" transform=\"rotate({} {} {})\"", number(style.turned), number(x), number(y));
  if (!style.klass.empty()) out += fmt::format(" class=\"{}\"", style.klass);
  if (style.halo) out += " stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"";
  return out + fmt::format(">{}</text>\n", markup);
}

std::string power_of_ten(long exponent) {
  return fmt::format("10<tspan dy=\"-{}\" font-size=\"{}\">{}{}</tspan>", number(raised), number(small_size), exponent < 0 ? minus_sign : "", std::abs(exponent));
}

std::string with_minus_signs(std::string text) {
  for (auto at = text.find('-'); at != std::string::npos; at = text.find('-', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] >= '0' && text[at + 1] <= '9' && (at == 0 || text[at - 1] == ' ')) text.replace(at, 1, minus_sign);
  }
  return text;
}

std::string line(double x1, double y1, double x2, double y2, const stroke& s) {
  return fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"{}/>\n", number(x1), number(y1), number(x2), number(y2), stroke_attributes(s));
}

std::string polyline(const std::vector<std::pair<double, double>>& points, const stroke& s, std::string_view klass) {
  std::string list, last;
  std::size_t drawn = 0;
  for (const auto& [x, y] : points) {
    auto point = fmt::format("{},{}", number(x), number(y));
    if (point == last) continue;
    list += (list.empty() ? "" : " ") + point;
    last = std::move(point);
    ++drawn;
  }
  if (drawn < 2) return {};
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke-linejoin=\"round\"{}{}/>\n", list, stroke_attributes(s), klass.empty() ? "" : fmt::format(" class=\"{}\"", klass));
}

std::string mark(std::size_t shape, double x, double y, double r, std::string_view colour, bool open, std::string_view says, std::string_view klass) {
  const auto paint = open ? fmt::format("fill=\"#ffffff\" stroke=\"{}\" stroke-width=\"1.8\"", colour) : fmt::format("fill=\"{}\"", colour);
  const auto common = fmt::format("{}{}", klass.empty() ? "" : fmt::format("class=\"{}\" ", klass), paint);
  const auto polygon = [&](std::initializer_list<std::pair<double, double>> corners) {
    std::string list;
    for (const auto& [dx, dy] : corners) list += fmt::format("{}{},{}", list.empty() ? "" : " ", number(x + r * dx), number(y + r * dy));
    return fmt::format("polygon points=\"{}\"", list);
  };
  std::string shape_text;
  switch (shape % mark_shapes) {
    case 0:
      shape_text = fmt::format("circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(x), number(y), number(r));
      break;
    case 1:
      shape_text = fmt::format("rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", number(x - 0.9 * r), number(y - 0.9 * r), number(1.8 * r), number(1.8 * r));
      break;
    case 2:
      shape_text = polygon({{0, -1.25}, {1.15, 0.8}, {-1.15, 0.8}});
      break;
    case 3:
      shape_text = polygon({{0, -1.3}, {1.3, 0}, {0, 1.3}, {-1.3, 0}});
      break;
    case 4:
      shape_text = polygon({{0, 1.25}, {1.15, -0.8}, {-1.15, -0.8}});
      break;
    default:
      shape_text = polygon({{-0.4, -1.2}, {0.4, -1.2}, {0.4, -0.4}, {1.2, -0.4}, {1.2, 0.4}, {0.4, 0.4}, {0.4, 1.2}, {-0.4, 1.2}, {-0.4, 0.4}, {-1.2, 0.4}, {-1.2, -0.4}, {-0.4, -0.4}});
  }
  const auto name = shape_text.substr(0, shape_text.find(' '));
  if (says.empty()) return fmt::format("<{} {}/>\n", shape_text, common);
  return fmt::format("<{} {}><title>{}</title></{}>\n", shape_text, common, escape(says), name);
}

std::string legend(const std::vector<legend_entry>& entries, double& y) {
  constexpr double left = 24, sample_width = 44, gap = 24, row_height = 21, room = figure_width - 2 * left;
  const auto width_of = [&](const legend_entry& e) { return (e.sample.empty() ? 0 : sample_width) + text_width(e.text, text_size); };
  double column = 0;  // of the entries that leave room for another one beside them
  for (const auto& e : entries) {
    if (const double w = width_of(e); w <= (room - gap) / 2) column = std::max(column, w);
  }
  double in_a_row = -gap;
  for (const auto& e : entries) in_a_row += width_of(e) + gap;
  const bool flows = in_a_row <= room;
  const auto columns = flows ? entries.size() : column > 0 ? static_cast<std::size_t>((room + gap) / (column + gap)) : 1;
  std::string out = "<g class=\"legend\">\n";
  std::size_t at = 0;  // column
  double flowing = left;
  for (const auto& e : entries) {
    const double indent = e.sample.empty() ? 0 : sample_width;
    const bool alone = !flows && width_of(e) > column;
    if (at > 0 && (alone || at == columns)) at = 0, y += row_height;
    const double x = flows ? flowing : left + static_cast<double>(at) * (column + gap);
    flowing += width_of(e) + gap;
    if (!e.sample.empty()) out += fmt::format("<g transform=\"translate({} {})\">{}</g>\n", number(x + 18), number(y + row_height / 2), e.sample);
    const auto lines = wrapped(e.text, text_size, room - indent, 3);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) y += row_height;
      out += words(x + indent, y + row_height / 2 + 5, escape(lines[i]));
    }
    at = alone ? columns : at + 1;
  }
  if (!entries.empty()) y += row_height;
  return out + "</g>\n";
}

picture::picture(const caption& text, std::string_view own_title) : about(text), title(text.title.empty() ? own_title : text.title) {
  y = 12;
  for (const auto& l : wrapped(title, title_size * 1.06, figure_width - 48, 3)) {  // bold is wider
    y += 22;
    body += words(24, y - 4, escape(l), {.size = title_size, .bold = true});
  }
  y += 8;
}

std::string picture::finish() const {
  std::string foot;
  double end = y + 8;
  if (!about.command.empty()) {
    end += 8;
    for (const auto& l : wrapped(about.command, small_size, figure_width - 48, 4)) {
      end += 16;
      foot += words(24, end - 4, escape(l), {.size = small_size, .fill = faint_ink, .klass = "command"});
    }
    end += 8;
  }
  const auto id = about.id.empty() ? fmt::format("fig{:016x}", fnv1a(about.command, fnv1a(title, fnv1a(body)))) : about.id;
  const auto explained = description + (about.command.empty() ? "" : fmt::format("{}Made by: {}", description.empty() ? "" : " ", about.command));
  return fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" aria-labelledby=\"{2}-title {2}-desc\" "
      "font-family=\"'DejaVu Sans', Verdana, Arial, Helvetica, sans-serif\">\n<title id=\"{2}-title\">{3}</title>\n<desc id=\"{2}-desc\">{4}</desc>\n"
      "<rect width=\"{0}\" height=\"{1}\" fill=\"#ffffff\"/>\n{5}{6}</svg>\n",
      number(figure_width), number(std::ceil(end)), escape(id), escape(title), escape(explained), body, foot);
}

}  // namespace cosetta::figures
