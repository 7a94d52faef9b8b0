// Scales values into a fixed box; the page stretches the box and keeps the strokes as they are.
#include "integrations/plot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/limits.hpp"
#include "integrations/markup.hpp"
#include "integrations/spoken.hpp"

namespace tocsin::integrations {
namespace {

constexpr double width = 600;
constexpr double height = 160;
constexpr double margin = 8;  // for the strokes' own thickness

struct Frame {
    Instant from, until;
    double low = 0, high = 1;

    [[nodiscard]] double x(Instant at) const {
        const double span = to_seconds(until - from);
        return margin + (width - 2 * margin) * (span > 0 ? to_seconds(at - from) / span : 0.5);
    }
    [[nodiscard]] double y(double value) const {
        return height - margin - (height - 2 * margin) * ((value - low) / (high - low));
    }
};

std::string digits(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", number);
    return text.data();
}

bool any_value(const Plot& plot) {
    return std::any_of(plot.lines.begin(), plot.lines.end(),
                       [](const auto& line) { return !line.empty(); });
}

Frame frame_of(const Plot& plot) {
    Frame frame;
    bool first = true;
    const auto include = [&](double value) {
        frame.low = first ? value : std::min(frame.low, value);
        frame.high = first ? value : std::max(frame.high, value);
    };
    for (const auto& line : plot.lines) {
        for (const Point& point : line) {
            include(point.value);
            frame.from = first ? point.at : std::min(frame.from, point.at);
            frame.until = first ? point.at : std::max(frame.until, point.at);
            first = false;
        }
    }
    if (plot.measure.threshold) include(*plot.measure.threshold);
    // Zero is shown unless that would flatten what happens.
    if (frame.low > 0 && frame.low < frame.high / 2) frame.low = 0;
    const double room = frame.high > frame.low ? (frame.high - frame.low) * 0.08
                                               : std::max(1.0, std::fabs(frame.high) * 0.1);
    if (frame.low != 0) frame.low -= room;
    frame.high += room;
    return frame;
}

/// Of each column that is a stroke wide, the lowest and the highest point.
std::vector<Point> thinned(const std::vector<Point>& line, const Frame& frame) {
    constexpr double column = 2;
    std::vector<Point> kept;
    for (std::size_t i = 0; i < line.size();) {
        std::size_t end = i + 1;
        while (end < line.size() && frame.x(line[end].at) - frame.x(line[i].at) < column) ++end;
        const auto begin = line.begin() + static_cast<std::ptrdiff_t>(i);
        const auto stop = line.begin() + static_cast<std::ptrdiff_t>(end);
        const auto [low, high] = std::minmax_element(
            begin, stop, [](const Point& a, const Point& b) { return a.value < b.value; });
        kept.push_back(*std::min(low, high));
        if (low != high) kept.push_back(*std::max(low, high));
        i = end;
    }
    return kept;
}

void draw_threshold(std::string& out, const Plot& plot, const Frame& frame) {
    if (!plot.measure.threshold) return;
    const double y = frame.y(*plot.measure.threshold);
    const bool below = plot.threshold_text.starts_with('<');
    const double top = below ? y : 0;
    const double tall = below ? height - y : y;
    out += "<rect class=\"breach\" x=\"0\" y=\"" + digits(top) + "\" width=\"" + digits(width) +
           "\" height=\"" + digits(tall) + "\"/>";
    out += "<path class=\"threshold\" d=\"M0 " + digits(y) + "H" + digits(width) + "\"/>";
}

void draw_line(std::string& out, const std::vector<Point>& line, const Frame& frame) {
    if (line.empty()) return;
    std::string path;
    for (const Point& point : thinned(line, frame)) {
        path += (path.empty() ? "M" : "L") + digits(frame.x(point.at)) + " " +
                digits(frame.y(point.value));
    }
    out += "<path class=\"line\" d=\"" + path + "\"/>";
    // A stroke without length with round ends: a dot that stays round when the box is stretched.
    out += "<path class=\"dot\" d=\"M" + digits(frame.x(line.back().at)) + " " +
           digits(frame.y(line.back().value)) + "h0\"/>";
}

std::string description(const Plot& plot) {
    std::size_t count = 0;
    const Point* low = nullptr;
    const Point* high = nullptr;
    const Point* first = nullptr;
    const Point* last = nullptr;
    for (const auto& line : plot.lines) {
        for (const Point& point : line) {
            ++count;
            if (low == nullptr || point.value < low->value) low = &point;
            if (high == nullptr || point.value > high->value) high = &point;
            if (first == nullptr || point.at < first->at) first = &point;
            if (last == nullptr || point.at >= last->at) last = &point;
        }
    }
    const auto value = [&](const Point* point) {
        return measured(point->value, plot.measure.unit);
    };
    std::string text = std::to_string(count) + (count == 1 ? " measurement" : " measurements") +
                       " from " + spoken(first->at) + " to " + spoken(last->at) + ". Lowest " +
                       value(low) + ", highest " + value(high) + ", latest " + value(last) + ".";
    if (plot.measure.threshold) {
        text += " Threshold " + measured(*plot.measure.threshold, plot.measure.unit) + ".";
    }
    return text;
}

}  // namespace

Measure measure_of(const core::Ruleset& ruleset, const core::Incident& incident) {
    const core::Rule* rule = ruleset.find(incident.rule);
    if (rule == nullptr) return {};
    Measure measure{.unit = rule->unit, .threshold = {}};
    for (const core::Step& step : rule->ladder) {
        if (step.when && step.when->text == incident.threshold) {
            measure.threshold = step.when->threshold;
        }
    }
    return measure;
}

Plot plot_of(const Dossier& dossier, const Measure& measure) {
    Plot plot{.lines = {}, .measure = measure, .threshold_text = dossier.incident.threshold};
    std::map<std::string, std::vector<Point>> by_series;
    for (const core::Verdict& verdict : dossier.verdicts) {
        if (!verdict.value || !std::isfinite(*verdict.value)) continue;
        if (verdict.rule != dossier.incident.rule) continue;  // another unit, perhaps
        by_series[std::string(verdict.labels.block())].push_back({verdict.at, *verdict.value});
    }
    for (auto& [labels, points] : by_series) plot.lines.push_back(std::move(points));
    if (plot.lines.size() <= 1) {
        if (plot.lines.empty()) plot.lines.emplace_back();
        for (const core::TimelineEntry& entry : dossier.timeline) {
            if (!entry.value || !std::isfinite(*entry.value)) continue;
            plot.lines[0].push_back({entry.at, *entry.value});
        }
    }
    for (auto& line : plot.lines) {
        std::stable_sort(line.begin(), line.end(),
                         [](const Point& a, const Point& b) { return a.at < b.at; });
        line.erase(std::unique(line.begin(), line.end()), line.end());
    }
    std::stable_sort(plot.lines.begin(), plot.lines.end(), [](const auto& a, const auto& b) {
        return !a.empty() && (b.empty() || a.back().at > b.back().at);
    });
    if (plot.lines.size() > core::limits::plot_lines_max) {
        plot.lines.resize(core::limits::plot_lines_max);
    }
    return plot;
}

std::string svg(const Plot& plot) {
    if (!any_value(plot)) return {};
    const Frame frame = frame_of(plot);
    std::string out = "<svg role=\"img\" viewBox=\"0 0 " + digits(width) + " " + digits(height) +
                      "\" preserveAspectRatio=\"none\" aria-labelledby=\"plot-title plot-text\">"
                      "<title id=\"plot-title\">The value over time, against its threshold</title>"
                      "<desc id=\"plot-text\">" +
                      escape_html(description(plot)) + "</desc>";
    draw_threshold(out, plot, frame);
    for (const auto& line : plot.lines) draw_line(out, line, frame);
    return out += "</svg>";
}

}  // namespace tocsin::integrations
