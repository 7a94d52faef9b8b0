#pragma once
// The analysis of an incident afterwards, as Markdown and as HTML (handbook H-66 … H-70, C6).

#include <string>

#include "integrations/dossier.hpp"

namespace tocsin::integrations {

/// What both forms are made of: who, how long, what customers were told, the entire timeline (with
/// verdict changes and deliveries merged into it, oldest first, all UTC), the handbook's two
/// questions and what was learned. What is not known is said to be unknown; a skipped analysis says
/// so with its reason, and a timeline that is not complete says that.
[[nodiscard]] std::string analysis_markdown(const Dossier& dossier, const Measure& measure);

/// The same content in simple tags, so that it can be pasted into a word processor.
[[nodiscard]] std::string analysis_html(const Dossier& dossier, const Measure& measure);

/// `2026-03-01-event-ingestion-is-behind.md`: the day it was opened and the title's letters and
/// digits; `extension` comes with its dot.
[[nodiscard]] std::string analysis_file_name(const core::Incident& incident,
                                             std::string_view extension);

}  // namespace tocsin::integrations
