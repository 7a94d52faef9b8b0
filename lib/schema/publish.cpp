// Writes JSON Schema and Markdown from the shapes of tables.
#include "schema/publish.hpp"

#include "base/text.hpp"

namespace tocsin::schema {
namespace {

std::string pad(int depth) {
    return std::string(static_cast<std::size_t>(depth) * 2, ' ');
}

/// The members of a JSON object, one a line.
std::string object(const std::vector<std::string>& members, int depth) {
    if (members.empty()) return "{}";
    const std::string separator = ",\n" + pad(depth + 1);
    return "{\n" + pad(depth + 1) + join(members, separator) + "\n" + pad(depth) + "}";
}

std::string member(std::string_view name, const std::string& json) {
    return json_quote(name) + ": " + json;
}

std::string quoted_list(const std::vector<std::string>& words) {
    std::vector<std::string> quoted;
    for (const std::string& word : words) quoted.push_back(json_quote(word));
    return "[" + join(quoted, ", ") + "]";
}

std::vector<std::string> members_of(const Shape& shape, int depth);

std::string schema_of(const Shape& shape, int depth) {
    return object(members_of(shape, depth), depth);
}

std::string schema_of(const FieldShape& field, int depth) {
    std::vector<std::string> members{member("description", json_quote(field.help))};
    for (std::string& one : members_of(field.shape, depth)) members.push_back(std::move(one));
    if (!field.default_json.empty()) members.push_back(member("default", field.default_json));
    return object(members, depth);
}

/// Properties, required names and the refusal of others, of one or two tables together.
std::vector<std::string> table_members(const TableShape& table, const TableShape* common,
                                       const std::string& kind, int depth) {
    std::vector<std::string> properties;
    std::vector<std::string> required;
    const auto add = [&](const FieldShape& field) {
        properties.push_back(member(field.name, schema_of(field, depth + 2)));
        if (field.required) required.push_back(field.name);
    };
    if (!kind.empty()) {
        properties.push_back(member("kind", "{\"const\": " + json_quote(kind) + "}"));
        required.emplace_back("kind");
    }
    if (common != nullptr) {
        for (const FieldShape& field : common->fields) {
            if (field.name != "kind") add(field);
        }
    }
    for (const FieldShape& field : table.fields) {
        const bool repeated = !kind.empty() && (field.name == "kind" || field.name == "name");
        if (!repeated) add(field);
    }
    std::vector<std::string> members{member("type", "\"object\""),
                                     member("additionalProperties", "false"),
                                     member("properties", object(properties, depth + 1))};
    if (!required.empty()) members.push_back(member("required", quoted_list(required)));
    return members;
}

std::string secret_schema() {
    return "[{\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, "
           "\"additionalProperties\": false, \"properties\": {\"file\": {\"type\": \"string\"}, "
           "\"env\": {\"type\": \"string\"}, \"credential\": {\"type\": \"string\"}}}]";
}

std::vector<std::string> alternatives(const Shape& shape, int depth) {
    std::vector<std::string> parts;
    for (const Shape& one : shape.inner) parts.push_back(schema_of(one, depth + 1));
    for (const Variant& one : shape.variants) {
        parts.push_back(
            object(table_members(*one.table, shape.table.get(), one.kind, depth + 1), depth + 1));
    }
    return {member("anyOf", "[" + join(parts, ", ") + "]")};
}

std::vector<std::string> members_of(const Shape& shape, int depth) {
    const auto type = [](const char* name) { return member("type", json_quote(name)); };
    switch (shape.kind) {
        case Shape::Kind::string:
            return {member("type", R"(["string", "number", "boolean"])")};
        case Shape::Kind::boolean:
            return {type("boolean")};
        case Shape::Kind::integer:
            if (shape.non_negative) return {type("integer"), member("minimum", "0")};
            return {type("integer")};
        case Shape::Kind::number:
            return {type("number")};
        case Shape::Kind::duration:
            return {type("string"),
                    member("pattern", json_quote("^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?"
                                                 "([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$"))};
        case Shape::Kind::secret:
            return {member("anyOf", secret_schema())};
        case Shape::Kind::choice:
            return {member("enum", quoted_list(shape.choices))};
        case Shape::Kind::list:
            return {type("array"), member("items", schema_of(shape.inner.front(), depth + 1))};
        case Shape::Kind::map:
            return {type("object"),
                    member("additionalProperties", schema_of(shape.inner.front(), depth + 1))};
        case Shape::Kind::table:
            if (!shape.table) return {type("object")};
            return table_members(*shape.table, nullptr, {}, depth);
        case Shape::Kind::either:
        case Shape::Kind::variant:
            return alternatives(shape, depth);
        case Shape::Kind::any:
            return {};
    }
    return {};
}

std::string cell(std::string_view text) {
    std::string out;
    for (const char byte : text) {
        if (byte == '|') out += '\\';
        out += byte;
    }
    return out;
}

std::string type_cell(const Shape& shape) {
    if (shape.kind == Shape::Kind::list) return "list of " + type_cell(shape.inner.front());
    if (shape.kind == Shape::Kind::map) return "name: " + type_cell(shape.inner.front());
    return describe(shape);
}

std::string rows(const TableShape& table) {
    std::string out = "| key | value | default | meaning |\n|---|---|---|---|\n";
    for (const FieldShape& field : table.fields) {
        const std::string fallback =
            field.default_json.empty() ? std::string() : "`" + field.default_json + "`";
        out += "| `" + field.name + "` | " + cell(type_cell(field.shape)) + " | " +
               (field.required ? "required" : fallback) + " | " + cell(field.help) + " |\n";
    }
    return out;
}

void sections(const TableShape& table, const std::string& path, std::string& out);

void nested_sections(const Shape& shape, const std::string& path, std::string& out) {
    for (const Shape& inner : shape.inner) {
        nested_sections(inner, inner.kind == Shape::Kind::table ? path + "[]" : path, out);
    }
    if (shape.table) {
        out += "\n## `" + path + "`\n\n" + rows(*shape.table);
        sections(*shape.table, path, out);
    }
    for (const Variant& one : shape.variants) {
        out += "\n### `kind: " + one.kind + "`\n\n" + one.help + "\n\n" + rows(*one.table);
    }
}

void sections(const TableShape& table, const std::string& path, std::string& out) {
    for (const FieldShape& field : table.fields) {
        nested_sections(field.shape, path.empty() ? field.name : path + "." + field.name, out);
    }
}

}  // namespace

std::string json_schema(const TableShape& table, const std::string& title) {
    std::vector<std::string> members{
        member("$schema", json_quote("http://json-schema.org/draft-07/schema#")),
        member("title", json_quote(title))};
    for (std::string& one : table_members(table, nullptr, {}, 0)) {
        members.push_back(std::move(one));
    }
    return object(members, 0) + "\n";
}

std::string markdown(const TableShape& table, const std::string& title) {
    std::string out = "# " + title + "\n\n" + rows(table);
    sections(table, {}, out);
    return out;
}

}  // namespace tocsin::schema
