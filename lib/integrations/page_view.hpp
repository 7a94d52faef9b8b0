#pragma once
// The web page of one incident, for the phone of whoever was woken (handbook H-48, H-49).

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "integrations/dossier.hpp"

namespace tocsin::integrations {

/// What the page shows, and to whom. Nothing in it is trusted to be harmless text.
struct PageContent {
    Dossier dossier;
    Measure measure;
    std::vector<std::string> on_call;  // now
    std::string call_url;
    std::string viewer;    // who acts with this link; empty: the forms ask for a name
    bool may_act = false;  // without it there are no forms
    Instant now;
};

/// A whole HTML document without a script, an outside resource or an inline style; at most
/// limits::page_entries_max entries of the timeline, newest first. What was open when it was made
/// stands in it as text: the page does not change by itself.
[[nodiscard]] std::string incident_page(const PageContent& content);

/// A page that says one thing: `heading`, and `sentence` below it. `back` is a relative address to
/// go back to; empty for none.
[[nodiscard]] std::string notice_page(std::string_view heading, std::string_view sentence,
                                      std::string_view back = {});

/// The style sheet of both, and the value of Content-Security-Policy that lets nothing else in.
[[nodiscard]] std::string_view page_style();
[[nodiscard]] std::string page_policy();

/// Everything that such a page is sent with, beside its Content-Type. A page whose address is a key
/// never tells that address; any other tells our own host, which a browser's POST is judged by.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> page_headers(bool address_is_key);

}  // namespace tocsin::integrations
