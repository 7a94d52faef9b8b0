// The part of the page that shows the value against its threshold.
#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/page_parts.hpp"
#include "integrations/plot.hpp"
#include "integrations/spoken.hpp"

namespace tocsin::integrations {
namespace {

using core::Incident;

/// `02:00:00`, or with its day where the plot spans more than one.
std::string end_of_axis(Instant at, bool one_day) {
    const std::string text = spoken(at);
    return one_day ? text.substr(11) : text;
}

void write_plot(Html& html, const Plot& plot) {
    const std::string drawing = svg(plot);
    if (drawing.empty()) return;
    Instant first = plot.lines.front().front().at;
    Instant last = first;
    for (const auto& line : plot.lines) {
        if (line.empty()) continue;
        first = std::min(first, line.front().at);
        last = std::max(last, line.back().at);
    }
    const bool one_day =
        std::chrono::floor<std::chrono::days>(first) == std::chrono::floor<std::chrono::days>(last);
    html.raw("<figure>").raw(drawing).raw("<figcaption><span>").text(end_of_axis(first, one_day));
    html.raw("</span><span>");
    html.text(last == first ? "measured once" : end_of_axis(last, one_day));
    html.raw("</span></figcaption></figure>");
}

/// The latest value that is known, and under it when an incident begins and what was decided upon.
void write_value(Html& html, const PageContent& content, const Plot& plot) {
    const Incident& incident = content.dossier.incident;
    const bool measured_since = !plot.lines.empty() && !plot.lines.front().empty();
    const std::optional<double> latest =
        measured_since ? plot.lines.front().back().value : incident.value;
    if (latest) {
        html.raw("<p class=\"value\">").text(measured(*latest, content.measure.unit)).raw("</p>");
    }
    if (incident.threshold.empty()) return;
    html.raw("<p class=\"soft\">An incident when it is ");
    write_isolated(html, incident.threshold);
    if (latest && incident.value && *latest != *incident.value) {
        html.text(", which was decided at ").text(measured(*incident.value, content.measure.unit));
    }
    html.raw("</p>");
}

}  // namespace

void write_isolated(Html& html, std::string_view text) {
    html.raw("<bdi>").text(truncate(text, core::limits::page_text_bytes_max)).raw("</bdi>");
}

void write_measurement(Html& html, const PageContent& content) {
    const Plot plot = plot_of(content.dossier, content.measure);
    write_value(html, content, plot);
    write_plot(html, plot);
}

}  // namespace tocsin::integrations
