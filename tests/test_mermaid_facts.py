"""What is in a diagram is known by name, with the line it stands on."""

from __future__ import annotations

from textwrap import dedent

from planning_kit import diagram


def facts(source: str) -> dict[str, object]:
    return diagram.facts(dedent(source).strip() + "\n")


def test_entities_have_their_attributes_and_relations_with_lines() -> None:
    assert facts("""
        erDiagram
            %% CUSTOMER comes first
            CUSTOMER ||--o{ ORDER : places
            ORDER {
                uuid id PK
                uuid customer_id FK "who paid"
            }
            p["Product (sold)"] {
                string sku UK
            }
        """) == {
        "type": "er",
        "entities": {
            "CUSTOMER": {"line": 3, "label": "CUSTOMER", "attributes": [], "classes": []},
            "ORDER": {
                "line": 4,
                "label": "ORDER",
                "attributes": [
                    {"name": "id", "type": "uuid", "keys": ["PK"], "comment": "", "line": 5},
                    {"name": "customer_id", "type": "uuid", "keys": ["FK"], "comment": "who paid", "line": 6},
                ],
                "classes": [],
            },
            "p": {
                "line": 8,
                "label": "Product (sold)",
                "attributes": [{"name": "sku", "type": "string", "keys": ["UK"], "comment": "", "line": 9}],
                "classes": [],
            },
        },
        "relations": [{"from": "CUSTOMER", "to": "ORDER", "text": "places", "line": 3, "cardinality": ["ONLY_ONE", "ZERO_OR_MORE"]}],
        "styles": [],
    }  # fmt: skip


def test_participants_and_messages_have_their_words_and_lines() -> None:
    known = facts("""
        sequenceDiagram
            participant C as Client
            actor Order Desk
            C->>+Order Desk: place#59; pay
            Note over C: not a message
            Order Desk-->>-C: done
            C->>Mail: and again
        """)
    assert known == {
        "type": "sequence",
        "participants": {
            "C": {"label": "Client", "line": 2, "declared": True},
            "Order Desk": {"label": "Order Desk", "line": 3, "declared": True},
            "Mail": {"label": "Mail", "line": 7, "declared": False},
        },
        "messages": [
            {"from": "C", "to": "Order Desk", "text": "place; pay", "line": 4},
            {"from": "Order Desk", "to": "C", "text": "done", "line": 6},
            {"from": "C", "to": "Mail", "text": "and again", "line": 7},
        ],
    }


def test_states_and_transitions_have_lines_and_starts_are_stars() -> None:
    known = facts("""
        stateDiagram-v2
            state "Waiting for payment" as W
            [*] --> W
            W --> Paid : captured
            state Paid {
                [*] --> Picking
            }
            Paid --> [*]
        """)
    assert known["states"] == {
        "W": {"label": "Waiting for payment", "line": 2, "inside": "", "classes": []},
        "Paid": {"label": "Paid", "line": 4, "inside": "", "classes": []},
        "Picking": {"label": "Picking", "line": 6, "inside": "Paid", "classes": []},
    }
    assert known["transitions"] == [
        {"from": "[*]", "to": "W", "text": "", "line": 3},
        {"from": "W", "to": "Paid", "text": "captured", "line": 4},
        {"from": "[*]", "to": "Picking", "text": "", "line": 6},
        {"from": "Paid", "to": "[*]", "text": "", "line": 8},
    ]


def test_nodes_groups_and_edges_of_a_flowchart_have_labels_and_lines() -> None:
    known = facts("""
        flowchart LR
            subgraph core ["Core (private)"]
                api["API (v2)"]:::hot --> db[(PostgreSQL)]
            end
            web -->|"HTTPS"| api
            classDef hot fill:#fdd
        """)
    assert known["nodes"] == {
        "api": {"label": "API (v2)", "line": 3, "classes": ["hot"]},
        "db": {"label": "PostgreSQL", "line": 3, "classes": []},
        "web": {"label": "web", "line": 5, "classes": []},
    }
    assert known["groups"] == {"core": {"label": "Core (private)", "nodes": ["db", "api"], "line": 2, "classes": []}}
    assert known["edges"] == [
        {"from": "api", "to": "db", "text": "", "line": 3},
        {"from": "web", "to": "api", "text": "HTTPS", "line": 5},
    ]
    assert known["styles"] == ["hot"]


def test_elements_and_relations_of_c4_have_kinds_and_lines() -> None:
    known = facts("""
        C4Container
            Person(u, "User")
            System_Boundary(s, "System") {
                ContainerDb(db, "Database", "PostgreSQL")
            }
            Rel(u, db, "reads", "SQL")
        """)
    assert known["elements"] == {
        "u": {"label": "User", "kind": "person", "inside": "", "line": 2},
        "db": {"label": "Database", "kind": "container_db", "inside": "s", "line": 4},
    }
    assert known["boundaries"] == {"s": {"label": "System", "inside": "", "line": 3}}
    assert known["relations"] == [{"from": "u", "to": "db", "text": "reads", "line": 6}]


def test_classes_and_tasks_are_known_and_what_cannot_be_read_gives_nothing() -> None:
    known = facts("""
        classDiagram
            class Order {
                +UUID id
                +total() Money
            }
            Order *-- Line : has
        """)
    assert known["classes"]["Order"] == {"label": "Order", "line": 2, "attributes": ["UUID id"], "methods": ["total"], "classes": []}  # type: ignore[index]  # fmt: skip
    assert known["relations"] == [{"from": "Order", "to": "Line", "text": "has", "line": 6}]
    tasks = facts("gantt\n  dateFormat YYYY-MM-DD\n  One :a, 2026-03-02, 5d\n  Two :b, after a, 2d")["tasks"]
    assert [(task["id"], task["name"], task["line"], task["after"]) for task in tasks] == [("a", "One", 3, []), ("b", "Two", 4, ["a"])]  # type: ignore[attr-defined]  # fmt: skip
    assert facts("flowchart LR\n  A --") == {}
    assert facts('pie\n  "a" : 1') == {"type": "pie"}
