#pragma once
// Parts of the page that its files share; included by page_*.cpp only.

#include <string_view>

#include "integrations/markup.hpp"
#include "integrations/page_view.hpp"

namespace tocsin::integrations {

/// A name or text of somebody else, so that its direction does not leak into ours; cut at
/// limits::page_text_bytes_max.
void write_isolated(Html& html, std::string_view text);

/// The latest value, when it is an incident, and the plot; nothing where nothing was measured.
void write_measurement(Html& html, const PageContent& content);

}  // namespace tocsin::integrations
