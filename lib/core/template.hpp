#pragma once
// Text templates of rule files: the part of Go's text/template that real Prometheus rules use.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/labels.hpp"
#include "base/result.hpp"

namespace tocsin::core {

/// What `$labels`, `$value`, `$annotations`, `$externalLabels` and `$externalURL` stand for.
struct TemplateData {
    const Labels* labels = nullptr;
    const Labels* annotations = nullptr;
    std::optional<double> value;
    std::string_view external_url;
};

/// A compiled template: `{{ $labels.x }}`, `{{ .Labels.x }}`, `{{ $value | humanizeDuration }}`,
/// `{{ printf "%.2f" $value }}`, if/else/with/range/end, and the functions of Prometheus' rule
/// templates (`tocsin::core::template_functions()` lists them with a help line each).
/// Immutable and cheap to copy.
class Template {
public:
    Template() = default;
    /// Errors name what was not understood; `field` holds the byte offset into `text`.
    static Result<Template> parse(std::string_view text);

    /// Never fails: what cannot be expanded becomes `<error expanding template: …>`, as in
    /// Prometheus. At most limits::text_bytes_max bytes.
    [[nodiscard]] std::string expand(const TemplateData& data) const;
    /// The same, for callers that have something better to show than an error.
    [[nodiscard]] Result<std::string> try_expand(const TemplateData& data) const;
    [[nodiscard]] const std::string& text() const;
    [[nodiscard]] bool empty() const { return text().empty(); }
    bool operator==(const Template& other) const { return text() == other.text(); }

private:
    struct Compiled;
    std::shared_ptr<const Compiled> compiled_;
};

/// A function that templates may call. `query` asks nobody: it yields an empty result, so that
/// `{{ with query "…" }}` expands to nothing, or to its `else`.
struct TemplateFunction {
    std::string_view name;
    std::string_view help;
};
[[nodiscard]] std::vector<TemplateFunction> template_functions();

}  // namespace tocsin::core
