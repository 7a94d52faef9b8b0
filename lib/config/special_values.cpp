// Readers of values that may be written in more than one way.
#include "config/special_values.hpp"

#include "integrations/registry.hpp"

namespace tocsin::schema {
namespace {

Table<config::TargetRow> target_table() {
    return {"target",
            {field("url", &config::TargetRow::url, "Address or URL.", Need::required),
             field("labels", &config::TargetRow::labels, "Added to what it yields.")}};
}

Shape either(std::vector<Shape> shapes) {
    return {.kind = Shape::Kind::either, .inner = std::move(shapes)};
}

Shape list_of(Shape shape) {
    return {.kind = Shape::Kind::list, .inner = {std::move(shape)}};
}

}  // namespace

Shape Value<config::TargetRow>::shape() {
    Shape table = simple_shape(Shape::Kind::table);
    table.table = std::make_shared<TableShape>(shape_of(target_table()));
    return either({simple_shape(Shape::Kind::string), std::move(table)});
}

bool Value<config::TargetRow>::read(config::TargetRow& out, const Node& node,
                                    const Reader& reader) {
    if (node.kind == Kind::map) return read_table(out, target_table(), node, reader);
    return read_value(out.url, node, reader);
}

Shape Value<config::HeaderValue>::shape() {
    return either({simple_shape(Shape::Kind::string), simple_shape(Shape::Kind::secret)});
}

bool Value<config::HeaderValue>::read(config::HeaderValue& out, const Node& node,
                                      const Reader& reader) {
    out.at = node.at;
    if (node.kind == Kind::map) return read_value(out.text, node, reader);
    std::string text;
    if (!read_value(text, node, reader)) return false;
    out.text = Secret(std::move(text));
    return true;
}

Shape Value<config::IntegrationNodes>::shape() {
    return list_of(integrations::integration_shape());
}

bool Value<config::IntegrationNodes>::read(config::IntegrationNodes& out, const Node& node,
                                           const Reader& reader) {
    if (node.kind != Kind::list) return wrong_type(node, shape(), reader);
    out.nodes = node.items;
    return true;
}

Shape Value<config::AlertField>::shape() {
    return either({simple_shape(Shape::Kind::string), list_of(simple_shape(Shape::Kind::string))});
}

bool Value<config::AlertField>::read(config::AlertField& out, const Node& node,
                                     const Reader& reader) {
    out.at = node.at;
    if (node.kind == Kind::list)
        return Value<decltype(out.matchers)>::read(out.matchers, node, reader);
    return read_value(out.name, node, reader);
}

}  // namespace tocsin::schema
