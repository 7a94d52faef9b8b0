// Writes the blocks of an analysis as Markdown and as HTML; the two say the same.
#include "integrations/analysis_view.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/limits.hpp"
#include "integrations/analysis_document.hpp"
#include "integrations/markup.hpp"
#include "integrations/spoken.hpp"

namespace tocsin::integrations {
namespace {

using Kind = AnalysisBlock::Kind;

bool is_row(Kind kind) {
    return kind == Kind::fact || kind == Kind::link || kind == Kind::entry;
}

// ---- Markdown

std::string markdown_of(const AnalysisBlock& block) {
    const std::string text = escape_markdown(block.text);
    switch (block.kind) {
        case Kind::title:
            return "# " + text;
        case Kind::section:
            return "## " + text;
        case Kind::paragraph:
            return text;
        case Kind::answer:
            return "*" + text + "*";
        case Kind::fact:
            return "- **" + escape_markdown(block.name) + "**: " + text;
        case Kind::link:
            return "- **" + escape_markdown(block.name) +
                   "**: " + (is_web_link(block.text) ? "<" + block.text + ">" : text);
        case Kind::entry:
            return "- " + precise(block.at) + " **" + escape_markdown(block.by) + "** *" +
                   escape_markdown(block.name) + "* " + text;
    }
    return {};
}

// ---- HTML

void write_cell(Html& html, std::string_view text) {
    html.raw("<td><bdi>");
    std::string_view separator;
    for (const std::string_view line : split(text, '\n')) {
        html.raw(separator).text(line);
        separator = "<br>";
    }
    html.raw("</bdi></td>");
}

void write_row(Html& html, const AnalysisBlock& block) {
    html.raw("<tr>");
    if (block.kind == Kind::entry) {
        html.raw("<td>").text(precise(block.at)).raw("</td>");
        write_cell(html, block.by);
    }
    write_cell(html, block.name);
    if (block.kind == Kind::link && is_web_link(block.text)) {
        html.raw("<td><a rel=\"noreferrer\" href=\"").text(block.text).raw("\">");
        html.text(block.text).raw("</a></td>");
    } else {
        write_cell(html, block.text);
    }
    html.raw("</tr>\n");
}

void write_block(Html& html, const AnalysisBlock& block) {
    switch (block.kind) {
        case Kind::title:
            html.raw("<h1>").text(block.text).raw("</h1>\n");
            return;
        case Kind::section:
            html.raw("<h2>").text(block.text).raw("</h2>\n");
            return;
        case Kind::answer:
            html.raw("<p><em>").text(block.text).raw("</em></p>\n");
            return;
        case Kind::paragraph:
            html.raw("<p>").text(block.text).raw("</p>\n");
            return;
        case Kind::fact:
        case Kind::link:
        case Kind::entry:
            write_row(html, block);
            return;
    }
}

}  // namespace

std::string analysis_markdown(const Dossier& dossier, const Measure& measure) {
    std::string out;
    bool in_list = false;
    for (const AnalysisBlock& block : analysis_document(dossier, measure)) {
        const bool row = is_row(block.kind);
        if (!out.empty() && !(row && in_list)) out += '\n';
        out += markdown_of(block) + "\n";
        in_list = row;
    }
    return out;
}

std::string analysis_html(const Dossier& dossier, const Measure& measure) {
    Html html;
    html.raw("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
    html.text(core::incident_id(dossier.incident.number)).raw(": ");
    html.text(dossier.incident.title).raw("</title></head>\n<body>\n");
    bool in_table = false;
    for (const AnalysisBlock& block : analysis_document(dossier, measure)) {
        const bool row = is_row(block.kind);
        if (row && !in_table) html.raw("<table>\n");
        if (!row && in_table) html.raw("</table>\n");
        write_block(html, block);
        in_table = row;
    }
    html.raw(in_table ? "</table>\n" : "").raw("</body></html>\n");
    return std::move(html).take();
}

std::string analysis_file_name(const core::Incident& incident, std::string_view extension) {
    std::string slug;
    for (const char c : incident.title) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool kept = upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (kept && slug.size() < core::limits::slug_bytes_max) {
            slug += upper ? static_cast<char>(c - 'A' + 'a') : c;
        } else if (!slug.empty() && !slug.ends_with('-') &&
                   slug.size() < core::limits::slug_bytes_max) {
            slug += '-';
        }
    }
    while (slug.ends_with('-')) slug.pop_back();
    if (slug.empty()) slug = "inc-" + std::to_string(incident.number);
    return format_rfc3339(incident.opened_at).substr(0, 10) + "-" + slug + std::string(extension);
}

}  // namespace tocsin::integrations
