#pragma once
// A small plot of measured values against their threshold, as inline SVG.

#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "integrations/dossier.hpp"

namespace tocsin::integrations {

struct Point {
    Instant at;
    double value = 0;
    bool operator==(const Point&) const = default;
};

struct Plot {
    std::vector<std::vector<Point>> lines;  // one per series, each in order of time
    Measure measure;
    std::string threshold_text;  // as written, `> 5m`; says on which side the breach lies
};

/// The values that the incident's rule measured: one line per series (the newest ones, up to
/// limits::plot_lines_max), or a single one that the values on the timeline belong to as well.
[[nodiscard]] Plot plot_of(const Dossier& dossier, const Measure& measure);

/// `<svg role="img">` with a title and a description for who cannot see it; empty without values.
/// Colours come from the page's style sheet; points that stand closer than it can show are thinned
/// out to the lowest and highest of them.
[[nodiscard]] std::string svg(const Plot& plot);

}  // namespace tocsin::integrations
