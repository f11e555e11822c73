"""What a consultant is told of the code that exists: the right entries, the relevant ones first, within the budget, and nothing forged."""

from __future__ import annotations

import re
import time
from pathlib import Path
from textwrap import dedent

import pytest

from planning_kit.codebase.evidence import Evidence, Package, Statement
from planning_kit.codebase.survey import BUDGET, survey
from planning_kit.codebase.tree import Tree

HEADINGS = [
    "Stack", "Entry points", "Routes", "Models and tables", "Public interfaces", "Patterns to follow", "Tree", "Excerpts", "Left out",
]  # fmt: skip


def plant(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
    return Tree.read(root)


def sections(text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in text.split("\n"):
        if line in HEADINGS:
            found[line] = []
        else:
            found[next(reversed(found))].append(line)
    return found


def entries(tree: Tree, section: str, *words: str) -> list[str]:
    return [line.removeprefix("- ") for line in sections(survey(tree, (), frozenset(words))[0]).get(section, [])]


ROUTES = {
    "fastapi": (
        {
            "app/main.py": """
                from fastapi import FastAPI
                from app.api import orders
                from .api.customers import router as customers_router
                from app.core.config import settings

                app = FastAPI()
                app.include_router(orders.router, prefix=settings.API)
                app.include_router(customers_router, prefix="/v2")

                @app.get("/health")
                async def health(): ...
                """,
            "app/core/config.py": 'class Settings:\n    API: str = "/api/v1"\n\nsettings = Settings()\n',
            "app/api/orders.py": """
                from fastapi import APIRouter
                router = APIRouter(prefix="/orders")

                @router.get("/{id}", response_model=dict)
                def read_order(id: int): ...

                # @router.delete("/{id}")
                @router.post("")
                async def create_order(): ...
                """,
            "app/api/customers.py": """
                from fastapi import APIRouter
                router = APIRouter()

                @router.websocket("/live")
                async def live(): ...
                """,
            "tests/test_orders.py": "def test(client):\n    client.get('/orders/1')\n",
        },
        [
            "GET /api/v1/orders/{id} -> orders.read_order (app/api/orders.py:5)",
            "POST /api/v1/orders -> orders.create_order (app/api/orders.py:9)",
            "GET /health -> main.health (app/main.py:11)",
            "WS /v2/live -> customers.live (app/api/customers.py:5)",
        ],
    ),
    "flask": (
        {
            "shop/__init__.py": """
                from flask import Flask
                def create_app():
                    app = Flask(__name__)
                    from . import carts
                    app.register_blueprint(carts.bp, url_prefix="/carts")
                    return app
                """,
            "shop/carts.py": """
                from flask import Blueprint
                from flask.views import MethodView
                bp = Blueprint("carts", __name__, url_prefix="/unused")

                @bp.route("/<int:id>", methods=["GET", "DELETE"])
                def cart(id): ...

                class Items(MethodView):
                    def get(self): ...
                    def post(self): ...

                bp.add_url_rule("/items", view_func=Items.as_view("items"))
                """,
        },
        ["GET,DELETE /carts/<int:id> -> carts.cart (shop/carts.py:6)", "GET,POST /carts/items -> carts.Items (shop/carts.py:12)"],
    ),
    "django": (
        {
            "config/urls.py": """
                from django.contrib import admin
                from django.urls import include, path
                urlpatterns = [
                    path("admin/", admin.site.urls),
                    path("api/", include("orders.urls")),
                ]
                """,
            "orders/urls.py": """
                from django.urls import include, path, re_path
                from rest_framework.routers import DefaultRouter
                from . import views
                router = DefaultRouter()
                router.register(r"orders", views.OrderViewSet)
                urlpatterns = [
                    path("", include(router.urls)),
                    path("ping/<int:pk>/", views.ping),
                    re_path(r"^reports/(?P<year>[0-9]{4})/$", views.Reports.as_view()),
                ]
                """,
            "orders/views.py": """
                from rest_framework import generics, viewsets
                from rest_framework.decorators import action, api_view
                class OrderViewSet(viewsets.ModelViewSet):
                    @action(detail=True, methods=["post"])
                    def cancel(self, request, pk=None): ...
                @api_view(["GET", "POST"])
                def ping(request, pk): ...
                class Reports(generics.ListAPIView): ...
                """,
        },
        [
            "ANY /admin/ -> admin.site (config/urls.py:4)",
            "GET,POST /api/orders/ -> views.OrderViewSet (orders/urls.py:5)",
            "GET,PUT,PATCH,DELETE /api/orders/{pk}/ -> views.OrderViewSet (orders/urls.py:5)",
            "GET,POST /api/ping/<int:pk>/ -> views.ping (orders/urls.py:8)",
            "GET /api/reports/{year}/ -> views.Reports (orders/urls.py:9)",
            "POST /api/orders/{pk}/cancel/ -> views.OrderViewSet.cancel (orders/views.py:5)",
        ],
    ),
    "express": (
        {
            "src/app.ts": """
                import express from 'express';
                import ordersRouter from './routes/orders.routes';
                const axios = require('axios');
                const app = express();
                app.use(express.json());
                app.use('/api/orders', auth, ordersRouter);
                app.get('/health', (req, res) => res.send('ok'));
                // app.get('/old', x.y);
                cache.get('/not-a-route');
                """,
            "src/routes/orders.routes.ts": """
                import { Router } from 'express';
                import * as c from '../controllers/orders';
                const router = Router();
                router.get('/', c.list);
                router.route('/:id').get(c.read).delete(auth, c.remove);
                router.post(
                  '/',
                  validate({ body: schema }),
                  asyncHandler(c.create),
                );
                export default router;
                """,
            "src/client.ts": "import axios from 'axios';\nexport const api = (id) => axios.get('/users/' + id);\napi.get('/x', {a: 1});\n",
        },
        [
            "GET /health (src/app.ts:7)",
            "GET /api/orders -> c.list (src/routes/orders.routes.ts:4)",
            "GET /api/orders/:id -> c.read (src/routes/orders.routes.ts:5)",
            "DELETE /api/orders/:id -> c.remove (src/routes/orders.routes.ts:5)",
            "POST /api/orders -> c.create (src/routes/orders.routes.ts:6)",
        ],
    ),
    "koa, fastify and hono": (
        {
            "koa.js": "const Router = require('@koa/router');\nconst router = new Router({ prefix: '/k' });\nrouter.get('/a', h.a);\n",
            "fastify.js": """
                const fastify = require('fastify')();
                fastify.register(require('./plugin'), { prefix: '/f' });
                fastify.route({
                  method: ['GET', 'HEAD'],
                  url: '/b',
                  handler: readB,
                });
                """,
            "plugin.js": "module.exports = async function (fastify, opts) {\n  fastify.get('/c', { schema }, listC);\n};\n",
            "hono.ts": """
                import { Hono } from 'hono';
                const users = new Hono()
                  .get('/', (c) => c.json([]))
                  .post('/:id', create);
                const app = new Hono().basePath('/h');
                app.route('/users', users);
                """,
        },
        [
            "GET /h/users (hono.ts:3)", "POST /h/users/:id -> create (hono.ts:4)", "GET,HEAD /b -> readB (fastify.js:4)",
            "GET /f/c -> listC (plugin.js:2)", "GET /k/a -> h.a (koa.js:3)",
        ],
    ),
    "nest": (
        {
            "src/main.ts": "const app = await NestFactory.create(AppModule);\napp.setGlobalPrefix('api');\nawait app.listen(3000);\n",
            "src/orders/orders.controller.ts": """
                @ApiTags('orders')
                @Controller('orders')
                export class OrdersController {
                  @Get(':id')
                  @UseGuards(JwtGuard)
                  findOne(@Param('id') id: string) {}

                  @Post()
                  @HttpCode(201)
                  async create(@Body() dto: CreateOrderDto) {}
                }
                """,
            "src/orders/orders.resolver.ts": "@Resolver(() => Order)\nexport class OrdersResolver {\n  @Query(() => [Order])\n  orders() {}\n}\n",
        },
        [
            "GET /api/orders/:id -> OrdersController.findOne (src/orders/orders.controller.ts:4)",
            "POST /api/orders -> OrdersController.create (src/orders/orders.controller.ts:8)",
            "QUERY orders -> OrdersResolver.orders (src/orders/orders.resolver.ts:3)",
        ],
    ),
    "files": (
        {
            "app/api/orders/[id]/route.ts": "export async function GET() {}\nexport const DELETE = handler;\n",
            "app/(shop)/api/carts/route.ts": "export async function POST() {}\n",
            "pages/api/users/index.ts": "export default function handler(req, res) {}\n",
        },
        [
            "POST /api/carts (app/(shop)/api/carts/route.ts:1)", "GET /api/orders/{id} (app/api/orders/[id]/route.ts:1)",
            "DELETE /api/orders/{id} (app/api/orders/[id]/route.ts:2)", "ANY /api/users (pages/api/users/index.ts:1)",
        ],
    ),
    "spring": (
        {
            "src/main/java/shop/OrderController.java": """
                @RestController
                @RequestMapping(value = "/api/orders", produces = "application/json")
                public class OrderController {
                    @GetMapping("/{id}")
                    public ResponseEntity<Order> read(@PathVariable Long id) { return null; }

                    /* @GetMapping("/old") */
                    @PostMapping
                    @ResponseStatus(HttpStatus.CREATED)
                    public Order create(@RequestBody Order order) { return order; }

                    @RequestMapping(path = {"/a", "/b"}, method = RequestMethod.PUT)
                    void both() {}
                }
                """,
            "src/main/java/shop/Client.java": '@FeignClient("x")\ninterface Client {\n  @GetMapping("/far")\n  String far();\n}\n',
        },
        [
            "GET /api/orders/{id} -> OrderController.read (src/main/java/shop/OrderController.java:4)",
            "POST /api/orders -> OrderController.create (src/main/java/shop/OrderController.java:8)",
            "PUT /api/orders/a -> OrderController.both (src/main/java/shop/OrderController.java:12)",
            "PUT /api/orders/b -> OrderController.both (src/main/java/shop/OrderController.java:12)",
        ],
    ),
    "ktor": (
        {
            "src/Routes.kt": """
                import io.ktor.server.routing.*
                fun Application.module() {
                    routing {
                        route("/api") { orders() }
                        get("/health") { call.respond("ok") }
                    }
                }
                fun Route.orders() {
                    route("/orders") {
                        get { }
                        authenticate("jwt") { post("/{id}") { } }
                    }
                }
                """
        },
        ["GET /health (src/Routes.kt:5)", "GET /api/orders (src/Routes.kt:10)", "POST /api/orders/{id} (src/Routes.kt:11)"],
    ),
    "gin": (
        {
            "main.go": """
                package main
                import "github.com/gin-gonic/gin"
                func main() {
                    r := gin.Default()
                    r.GET("/ping", func(c *gin.Context) {})
                    v1 := r.Group("/v1")
                    v1.Use(auth())
                    handlers.RegisterOrders(v1.Group("/orders"), svc)
                    // v1.GET("/old", old)
                }
                """,
            "handlers/orders.go": """
                package handlers
                import "github.com/gin-gonic/gin"
                func RegisterOrders(rg *gin.RouterGroup, svc *Service) {
                    h := NewHandler(svc)
                    rg.GET("", h.List)
                    rg.POST("/:id", mw(), h.Create)
                }
                """,
        },
        ["GET /v1/orders -> h.List (handlers/orders.go:5)", "POST /v1/orders/:id -> h.Create (handlers/orders.go:6)", "GET /ping (main.go:5)"],
    ),
    "chi and net/http": (
        {
            "api/router.go": """
                package api
                import "github.com/go-chi/chi/v5"
                func New() http.Handler {
                    r := chi.NewRouter()
                    r.Route("/orders", func(r chi.Router) {
                        r.Get("/", list)
                        r.Route("/{id}", func(r chi.Router) { r.Delete("/", remove) })
                    })
                    r.Mount("/users", usersRouter())
                    return r
                }
                func usersRouter() chi.Router {
                    r := chi.NewRouter()
                    r.Get("/me", me)
                    return r
                }
                """,
            "std/main.go": 'package main\nimport "net/http"\nfunc main() {\n\tmux := http.NewServeMux()\n\tmux.HandleFunc("GET /items/{id}", item)\n\thttp.Get("/x")\n}\n',
        },
        [
            "GET /orders -> list (api/router.go:6)", "DELETE /orders/{id} -> remove (api/router.go:7)", "GET /users/me -> me (api/router.go:14)",
            "GET /items/{id} -> item (std/main.go:5)",
        ],
    ),
    "axum": (
        {
            "src/main.rs": """
                use axum::{routing::{get, post}, Router};
                mod orders;
                #[tokio::main]
                async fn main() {
                    let app = Router::new()
                        .route("/health", get(health))
                        .nest("/orders", orders::router());
                }
                """,
            "src/orders.rs": """
                use axum::{routing::get, Router};
                pub fn router() -> Router<S> {
                    Router::new().route("/", get(list).post(create)).route("/:id", get(read))
                }
                """,
        },
        [
            "GET /health -> health (src/main.rs:6)", "GET /orders -> list (src/orders.rs:3)", "POST /orders -> create (src/orders.rs:3)",
            "GET /orders/:id -> read (src/orders.rs:3)",
        ],
    ),
    "actix and rocket": (
        {
            "actix/main.rs": """
                use actix_web::{get, web, App};
                #[get("/{id}")]
                async fn read(id: web::Path<i64>) -> impl Responder { }
                fn config(cfg: &mut web::ServiceConfig) {
                    cfg.service(web::scope("/orders").service(read).route("", web::post().to(create)))
                       .service(web::resource("/ping").route(web::get().to(ping)));
                }
                """,
            "rocket/main.rs": '#[macro_use] extern crate rocket;\n#[get("/<id>?<q>")]\nfn user(id: i32) {}\n#[launch]\nfn rocket() -> _ { rocket::build().mount("/users", routes![user]) }\n',
        },
        [
            "GET /orders/{id} -> read (actix/main.rs:2)", "POST /orders -> create (actix/main.rs:5)", "GET /ping -> ping (actix/main.rs:6)",
            "GET /users/<id>?<q> -> user (rocket/main.rs:2)",
        ],
    ),
    "rails": (
        {
            "config/routes.rb": """
                Rails.application.routes.draw do
                  root "home#index"
                  # get "/old", to: "old#x"
                  namespace :api do
                    resources :orders, only: [:index, :show] do
                      member do
                        post :cancel
                      end
                      resources :items, only: %i[create]
                      get :late, on: :collection
                    end
                    resource :profile, only: :show
                  end
                  get "/up", to: "health#show"
                end
                """
        },
        [
            "GET / -> home#index (config/routes.rb:2)", "GET /api/orders -> api/orders#index (config/routes.rb:5)",
            "GET /api/orders/:id -> api/orders#show (config/routes.rb:5)", "POST /api/orders/:id/cancel -> api/orders#cancel (config/routes.rb:7)",
            "POST /api/orders/:order_id/items -> api/items#create (config/routes.rb:9)",
            "GET /api/orders/late -> api/orders#late (config/routes.rb:10)", "GET /api/profile -> api/profiles#show (config/routes.rb:12)",
            "GET /up -> health#show (config/routes.rb:14)",
        ],
    ),
    "laravel": (
        {
            "routes/api.php": """
                <?php
                Route::get('/ping', fn () => 'pong');
                # Route::get('/old', [A::class, 'b']);
                Route::middleware('auth:sanctum')->prefix('v1')->group(function () {
                    Route::apiResource('orders', OrderController::class)->only(['index', 'show']);
                    Route::apiResource('orders.lines', LineController::class, ['only' => ['store']]);
                    Route::post('/orders/{order}/cancel', [OrderController::class, 'cancel'])->name('x');
                });
                """
        },
        [
            "GET /api/ping (routes/api.php:2)", "GET /api/v1/orders -> OrderController (routes/api.php:5)",
            "GET /api/v1/orders/{order} -> OrderController (routes/api.php:5)",
            "POST /api/v1/orders/{order}/cancel -> OrderController.cancel (routes/api.php:7)",
            "POST /api/v1/orders/{order}/lines -> LineController (routes/api.php:6)",
        ],
    ),
    "asp.net": (
        {
            "Api/OrdersController.cs": """
                [ApiController]
                [Route("api/[controller]")]
                public class OrdersController : ControllerBase
                {
                    [HttpGet("{id:int}")]
                    [Authorize]
                    public async Task<ActionResult<Order>> Read(int id) => Ok();

                    [HttpPost]
                    public IActionResult Create([FromBody] Order order) => Ok();
                }
                """,
            "Program.cs": """
                var builder = WebApplication.CreateBuilder(args);
                var app = builder.Build();
                var users = app.MapGroup("/users");
                users.MapGet("/{id}", UserHandlers.Read);
                app.MapCarts();
                """,
            "Carts.cs": """
                public static class CartEndpoints {
                    public static void MapCarts(this IEndpointRouteBuilder routes) {
                        var group = routes.MapGroup("/carts");
                        group.MapPost("/", (Cart cart) => Results.Ok());
                    }
                }
                """,
        },
        [
            "GET /api/Orders/{id:int} -> OrdersController.Read (Api/OrdersController.cs:5)",
            "POST /api/Orders -> OrdersController.Create (Api/OrdersController.cs:9)", "POST /carts (Carts.cs:4)",
            "GET /users/{id} -> UserHandlers.Read (Program.cs:4)",
        ],
    ),
    "express, mounted from a list and from a chain": (
        {
            "src/app.js": "const express = require('express');\nconst routes = require('./routes');\nconst api = require('./api');\nconst app = express();\napp.use('/v1', routes);\napp.use(api);\n",
            "src/routes/index.js": """
                const express = require('express');
                const authRoute = require('./auth.route');
                const router = express.Router();
                const defaultRoutes = [{ path: '/auth', route: authRoute }];
                defaultRoutes.forEach((route) => {
                  router.use(route.path, route.route);
                });
                module.exports = router;
                """,
            "src/routes/auth.route.js": "const express = require('express');\nconst router = express.Router();\nrouter.post('/login', validate(v.login), c.login);\nmodule.exports = router;\n",
            "src/api.ts": "import { Router } from 'express';\nimport tags from './tags';\nconst api = Router()\n  .use(tags);\nexport default Router().use('/api', api);\n",
            "src/tags.ts": "import { Router } from 'express';\nconst router = Router();\nrouter.get('/tags', async (req, res) => {});\nexport default router;\n",
        },
        ["POST /v1/auth/login -> c.login (src/routes/auth.route.js:3)", "GET /api/tags (src/tags.ts:3)"],
    ),
    "nest with versions": (
        {
            "src/main.ts": "const app = await NestFactory.create(AppModule);\napp.setGlobalPrefix(config.getOrThrow('app.prefix'), { exclude: ['/'] });\napp.enableVersioning({ type: VersioningType.URI });\n",
            "src/auth.controller.ts": "@Controller({\n  path: 'auth',\n  version: '1',\n})\nexport class AuthController {\n  @Post('login')\n  login() {}\n}\n",
        },
        ["POST /{app.prefix}/v1/auth/login -> AuthController.login (src/auth.controller.ts:6)"],
    ),
    "gin with a name used twice": (
        {
            "handler.go": """
                package handler
                import "github.com/gin-gonic/gin"
                func (h *Handler) Init() *gin.Engine {
                    router := gin.New()
                    api := router.Group("/api")
                    {
                        lists := api.Group("/lists")
                        {
                            lists.GET("/:id", h.list)
                            items := lists.Group(":id/items")
                            { items.POST("/", h.add) }
                        }
                        items := api.Group("items")
                        { items.DELETE("/:id", h.remove) }
                    }
                    return router
                }
                """
        },
        [
            "GET /api/lists/:id -> h.list (handler.go:9)", "POST /api/lists/:id/items -> h.add (handler.go:11)",
            "DELETE /api/items/:id -> h.remove (handler.go:14)",
        ],
    ),
    "code and its contract": (
        {
            "main.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/api/orders/{order_id}")\ndef read(order_id: int): ...\n',
            "docs/openapi.yml": "openapi: 3.0.0\npaths:\n  /orders/{id}:\n    get:\n      operationId: read\n  /planned:\n    post:\n      operationId: plan\n",
        },
        ["GET /api/orders/{order_id} -> main.read (main.py:4)", "POST /planned -> plan (docs/openapi.yml:7)"],
    ),
    "contracts": (
        {
            "schema.graphql": 'type Query {\n  "One"\n  order(id: ID!): Order\n  orders(first: Int,\n    after: String): [Order!]!\n}\nextend type Mutation {\n  cancel(id: ID!): Order\n}\n',
            "shop.proto": 'syntax = "proto3";\nservice Orders {\n  // rpc Old (A) returns (B);\n  rpc Get (GetOrder) returns (Order) {}\n}\n',
            "openapi.yaml": "openapi: 3.1.0\npaths:\n  /orders/{id}:\n    parameters:\n      - name: id\n    get:\n      operationId: readOrder\n      responses:\n        '200': {}\ncomponents:\n  schemas: {}\n",
        },
        [
            "GET /orders/{id} -> readOrder (openapi.yaml:6)", "QUERY order (schema.graphql:3)", "QUERY orders (schema.graphql:4)",
            "MUTATION cancel (schema.graphql:8)", "RPC Orders.Get(GetOrder) -> Order (shop.proto:4)",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), ROUTES.values(), ids=list(ROUTES))
def test_routes_are_found_with_their_whole_path_and_line(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    assert sorted(entries(plant(tmp_path, files), "Routes")) == sorted(expected)


MODELS = {
    "sqlalchemy": (
        {
            "app/models.py": """
                from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
                class Base(DeclarativeBase): ...
                class TimestampMixin:
                    created_at: Mapped[datetime] = mapped_column()
                class Order(TimestampMixin, Base):
                    __tablename__ = "orders"
                    id: Mapped[int] = mapped_column(primary_key=True)
                    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
                    status: Mapped[str]
                    customer: Mapped["Customer"] = relationship()
                class Old(Base):
                    __tablename__ = "old"
                    id = Column(Integer, primary_key=True)
                """,
        },
        [
            "Order: table orders; created_at, id, customer_id -> customers, status (app/models.py:5)", "Old: table old; id (app/models.py:11)",
        ],
    ),
    "alembic without a mapper": (
        {
            "alembic/versions/1.py": "def upgrade():\n    op.create_table('audit', sa.Column('id'), sa.Column('order_id', sa.ForeignKey('orders.id')))\n"
        },
        ["audit: table audit; id, order_id -> orders (alembic/versions/1.py:2)"],
    ),
    "sqlmodel": (
        {
            "models.py": """
                class OrderBase(SQLModel):
                    status: str = "new"
                class Order(OrderBase, table=True):
                    id: int | None = Field(default=None, primary_key=True)
                    customer_id: int = Field(foreign_key="customer.id")
                    customer: "Customer" = Relationship(back_populates="orders")
                class OrderPublic(OrderBase):
                    id: int
                """
        },
        ["Order: table order; status, id, customer_id -> customer (models.py:3)"],
    ),
    "django": (
        {
            "shop/models.py": """
                from django.db import models
                class Stamped(models.Model):
                    created = models.DateTimeField()
                    class Meta:
                        abstract = True
                class Order(Stamped):
                    customer = models.ForeignKey("crm.Customer", on_delete=models.CASCADE)
                    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
                    status = models.CharField(max_length=10)
                    objects = OrderManager()
                class Line(models.Model):
                    order = models.ForeignKey(Order, on_delete=models.CASCADE)
                    class Meta:
                        db_table = "lines"
                """
        },
        [
            "Order: table shop_order; created, customer -> Customer, owner -> User, status (shop/models.py:6)",
            "Line: table lines; order -> Order (shop/models.py:11)",
        ],
    ),
    "django with a base in another file": (
        {
            "core/models.py": "from django.db import models\nclass Stamped(models.Model):\n    created = models.DateTimeField()\n    class Meta:\n        abstract = True\n",
            "users/models.py": "from django.db import models\nfrom core.models import Stamped\nclass User(AbstractBaseUser, Stamped):\n    email = models.EmailField()\n",
        },
        ["User: table users_user; created, email (users/models.py:3)"],
    ),
    "pydantic without a mapper": (
        {"app/domain/order.py": "from pydantic import BaseModel\nclass Order(BaseModel):\n    id: int\n    total: int\nclass OrderCreate(BaseModel):\n    id: int\n"},
        ["Order: id, total (app/domain/order.py:2)"],
    ),
    "prisma": (
        {
            "prisma/schema.prisma": """
                model Order {
                  id         Int      @id @default(autoincrement())
                  customerId Int
                  customer   Customer @relation(fields: [customerId], references: [id])
                  items      Item[]
                  // note    String
                  @@map("orders")
                }
                model Customer { 
                  id Int @id
                  orders Order[]
                }
                """
        },
        ["Order: table orders; id, customerId -> Customer (prisma/schema.prisma:1)", "Customer: table Customer; id (prisma/schema.prisma:9)"],
    ),
    "typeorm": (
        {
            "src/order.entity.ts": """
                @Entity({ name: 'orders' })
                export class Order {
                  @PrimaryGeneratedColumn('uuid')
                  id: string;

                  @Column({ type: 'enum', enum: Status })
                  status: Status;

                  @ManyToOne(() => Customer, (c) => c.orders)
                  @JoinColumn({ name: 'customer_id' })
                  customer: Customer;

                  @CreateDateColumn() createdAt: Date;

                  total(): number { return 1; }
                }
                """
        },
        ["Order: table orders; id, status, customer -> Customer, createdAt (src/order.entity.ts:2)"],
    ),
    "drizzle, sequelize and mongoose": (
        {
            "drizzle.ts": "import { pgTable } from 'drizzle-orm/pg-core';\nexport const orders = pgTable('orders', {\n  id: serial('id').primaryKey(),\n  userId: integer('user_id').references(() => users.id),\n});\n",
            "sequelize.js": "const Cart = sequelize.define('Cart', {\n  id: { type: DataTypes.INTEGER },\n  userId: { type: DataTypes.INTEGER, references: { model: 'users', key: 'id' } },\n}, { tableName: 'carts' });\n",
            "mongoose.js": "const schema = new mongoose.Schema({\n  name: { type: String },\n  owner: { type: Schema.Types.ObjectId, ref: 'User' },\n}, { timestamps: true });\nmodule.exports = mongoose.model('Shop', schema);\n",
        },
        [
            "orders: table orders; id, userId -> users (drizzle.ts:2)", "Cart: table carts; id, userId -> users (sequelize.js:1)",
            "Shop: name, owner -> User (mongoose.js:1)",
        ],
    ),
    "jpa": (
        {
            "Order.java": """
                @Entity
                @Table(name = "orders")
                public class Order {
                    private static final long serialVersionUID = 1L;
                    @Id @GeneratedValue
                    private Long id;
                    @ManyToOne(fetch = FetchType.LAZY)
                    private Customer customer;
                    @OneToMany(mappedBy = "order")
                    private List<Item> items = new ArrayList<>();
                    private String status;
                    public Long getId() { return id; }
                }
                """,
            "Cart.kt": "@Entity\nclass Cart(\n    @Id val id: Long,\n    @ManyToOne val owner: User?,\n)\n",
        },
        ["Cart: table cart; id, owner -> User (Cart.kt:2)", "Order: table orders; id, customer -> Customer, status (Order.java:3)"],
    ),
    "jpa with a superclass": (
        {
            "Base.java": "@MappedSuperclass\npublic class Base implements Serializable {\n    @Id\n    private Integer id;\n}\n",
            "Person.java": "@MappedSuperclass\npublic class Person extends Base {\n    private String name;\n}\n",
            "Owner.java": "@Entity\npublic class Owner extends Person {\n    private String city;\n}\n",
        },
        ["Owner: table owner; id, name, city (Owner.java:2)"],
    ),
    "a schema and its migrations": (
        {
            "prisma/schema.prisma": "model Tag {\n  id Int @id\n}\n",
            "prisma/migrations/1/migration.sql": 'CREATE TABLE "Old" ("id" INT);\n',
        },
        ["Tag: table Tag; id (prisma/schema.prisma:1)"],
    ),
    "a table that is dropped": (
        {"db/1.sql": "CREATE TABLE a (id INT);\nCREATE TABLE b (id INT);\n", "db/2.sql": "DROP TABLE IF EXISTS a;\n"},
        ["b: table b; id (db/1.sql:2)"],
    ),
    "ef core": (
        {
            "Db.cs": "public class Db : DbContext {\n  public DbSet<Order> Orders { get; set; }\n  public DbSet<Customer> Customers => Set<Customer>();\n}\n",
            "Order.cs": """
                public class Order
                {
                    public int Id { get; set; }
                    public int CustomerId { get; set; }
                    public Customer Customer { get; set; } = null!;
                    public List<Item> Items { get; set; } = new();
                }
                public class Unrelated { public int Id { get; set; } }
                """,
        },
        ["Order: table Orders; Id, CustomerId -> Customer (Order.cs:1)"],
    ),
    "eloquent": (
        {
            "app/Models/Order.php": "<?php\nclass Order extends Model {\n  protected $guarded = [];\n  public function customer() { return $this->belongsTo(Customer::class); }\n}\n",
            "database/migrations/1.php": "<?php\nSchema::create('orders', function (Blueprint $table) {\n  $table->id();\n  $table->foreignId('customer_id')->constrained();\n  $table->string('status');\n  $table->timestamps();\n});\n",
        },
        ["Order: table orders; id, customer_id -> customers, status, created_at, updated_at (app/Models/Order.php:2)"],
    ),
    "active record": (
        {
            "app/models/order.rb": "class Order < ApplicationRecord\n  belongs_to :customer\nend\n",
            "db/schema.rb": """
                # This file is auto-generated from the current state of the database.
                ActiveRecord::Schema[7.1].define(version: 1) do
                  create_table "orders", force: :cascade do |t|
                    t.bigint "customer_id", null: false
                    t.string "status"
                    t.index ["status"], name: "i"
                  end
                  add_foreign_key "orders", "customers"
                end
                """,
        },
        ["Order: table orders; id, customer_id -> customers, status (app/models/order.rb:1)"],
    ),
    "gorm": (
        {
            "order.go": """
                package m
                type Order struct {
                    gorm.Model
                    CustomerID uint
                    Customer   Customer
                    Items      []Item
                    Status     string `gorm:"size:10"`
                }
                func (Order) TableName() string { return "shop_orders" }
                type Request struct { ID int `json:"id"` }
                """
        },
        ["Order: table shop_orders; ID, CreatedAt, UpdatedAt, DeletedAt, CustomerID -> Customer, Status (order.go:2)"],
    ),
    "diesel and seaorm": (
        {
            "src/schema.rs": "// @generated automatically by Diesel CLI.\ndiesel::table! {\n    orders (id) {\n        id -> Int4,\n        user_id -> Int4,\n    }\n}\ndiesel::joinable!(orders -> users (user_id));\n",
            "src/entity/cart.rs": '#[derive(Clone, DeriveEntityModel)]\n#[sea_orm(table_name = "carts")]\npub struct Model {\n    #[sea_orm(primary_key)]\n    pub id: i32,\n    pub total: i64,\n}\n',
        },
        ["Cart: table carts; id, total (src/entity/cart.rs:3)", "orders: table orders; id, user_id -> users (src/schema.rs:3)"],
    ),
    "sql": (
        {
            "db/1.sql": """
                -- CREATE TABLE old (id int);
                CREATE TABLE IF NOT EXISTS public."orders" (
                  id BIGSERIAL PRIMARY KEY,
                  customer_id BIGINT NOT NULL REFERENCES customers(id),
                  price NUMERIC(10, 2),
                  shop_id INT,
                  CONSTRAINT fk FOREIGN KEY (shop_id) REFERENCES shops (id)
                );
                """,
            "db/2.sql": "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ADD CONSTRAINT u UNIQUE (note);\n",
        },
        ["orders: table orders; id, customer_id -> customers, price, shop_id -> shops, note (db/1.sql:2)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), MODELS.values(), ids=list(MODELS))
def test_models_are_found_with_table_fields_and_references(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    assert sorted(entries(plant(tmp_path, files), "Models and tables")) == sorted(expected)


def test_entry_points_name_how_each_part_is_started(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "app/main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n",
            "worker/__init__.py": "def create_app(): ...\n",
            "pyproject.toml": '[project]\nname = "x"\n[project.scripts]\nshop = "shop.cli:main"\n[tool.x]\na = "b:c"\n',
            "Dockerfile": 'FROM python\nCMD ["uvicorn", "app.main:app"]\n',
            "Procfile": "web: gunicorn app\n",
            "package.json": '{\n  "scripts": {\n    "test": "jest",\n    "start": "node dist/main.js"\n  }\n}\n',
            "cmd/api/main.go": "package main\n\nfunc main() {}\n",
            "pkg/x.go": "package x\n\nfunc main() {}\n",
            "Program.cs": "var builder = WebApplication.CreateBuilder(args);\n",
            "src/Main.java": "class Main {\n  public static void main(String[] args) {}\n}\n",
            "server.js": "// app.listen(1)\napp.listen(3000);\n",
        },
    )
    assert sorted(entries(tree, "Entry points")) == sorted(
        [
            "app.main:app (app/main.py:3)", "worker:create_app() (worker/__init__.py:1)", "shop = shop.cli:main (pyproject.toml:4)",
            'Dockerfile CMD: ["uvicorn", "app.main:app"] (Dockerfile:2)', "Procfile web: gunicorn app (Procfile:1)",
            "scripts.start: node dist/main.js (package.json:4)", "cmd/api/main.go main (cmd/api/main.go:3)",
            "Program.cs CreateBuilder (Program.cs:1)", "src/Main.java main (src/Main.java:2)", "server.js app.listen (server.js:2)",
        ]
    )  # fmt: skip


STARTED = {
    "celery": (
        {
            "clinic/tasks.py": "from celery import shared_task\n\n@shared_task(bind=True)\ndef remind(self, owner): ...\n",
            "clinic/settings.py": "CELERY_BEAT_SCHEDULE = {\n    'nightly': {\n        'task': 'clinic.tasks.remind',\n        'schedule': crontab(hour=2),\n    },\n}\n",
        },
        ["task clinic.tasks.remind (clinic/tasks.py:4)", "schedule nightly: clinic.tasks.remind, crontab(hour=2) (clinic/settings.py:2)"],
    ),
    "kafkajs with topics of a shared package": (
        {
            "packages/shared/topics.ts": "export const TOPIC_LATE = 'tram.late.v1';\n",
            "apps/worker/src/index.ts": "import { Kafka } from 'kafkajs';\nawait consumer.subscribe({ topics: [TOPIC_LATE, 'tram.gone'] });\nawait producer.send({\n  topic: 'alarm', messages: [],\n});\n",
        },
        ["consumes topic tram.late.v1 (TOPIC_LATE) (apps/worker/src/index.ts:2)", "consumes topic tram.gone (apps/worker/src/index.ts:2)",
         "produces topic alarm (apps/worker/src/index.ts:4)"],
    ),
    "nest messages and cron": (
        {"src/a.controller.ts": "@Controller()\nexport class A {\n  @EventPattern('order.paid')\n  paid() {}\n  @Cron('0 3 * * *')\n  night() {}\n}\n"},
        ["consumes topic order.paid (src/a.controller.ts:3)", "schedule 0 3 * * * (src/a.controller.ts:5)"],
    ),
    "spring": (
        {"src/L.java": 'class L {\n  @KafkaListener(topics = "paid", groupId = "x")\n  void on(String m) {}\n  @RabbitListener(queues = {"q1", "q2"})\n  void two(String m) {}\n  void out() { kafkaTemplate.send("sent", m); }\n}\n'},
        ["consumes topic paid (src/L.java:2)", "consumes queue q1 (src/L.java:4)", "consumes queue q2 (src/L.java:4)", "produces topic sent (src/L.java:6)"],
    ),
    "what compose runs of what is built": (
        {"docker-compose.yml": "services:\n  worker:\n    build: .\n    command: rq worker high\n  db:\n    image: postgres:16\n    command: postgres -c x=1\n",
         "apps/mailer/package.json": '{ "name": "mailer", "scripts": {"start": "node dist/mail.js"} }\n'},
        ["worker: rq worker high (docker-compose.yml:4)", "scripts.start: node dist/mail.js (apps/mailer/package.json:1)"],
    ),
    "sidekiq, nats and kafka-go": (
        {
            "app/jobs/bill_job.rb": "class BillJob\n  include Sidekiq::Job\n  def perform(id); end\nend\n",
            "internal/sub.go": 'package x\n\nimport "github.com/nats-io/nats.go"\n\nfunc run(nc *nats.Conn) { nc.Subscribe("doors.opened", on) }\n',
            "internal/read.go": 'package x\n\nvar r = kafka.NewReader(kafka.ReaderConfig{\n\tTopic: topicName,\n})\n\nconst topicName = "meters"\n',
        },
        ["job BillJob (app/jobs/bill_job.rb:1)", "consumes topic doors.opened (internal/sub.go:5)", "consumes topic meters (topicName) (internal/read.go:4)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), STARTED.values(), ids=list(STARTED))
def test_entry_points_name_the_messages_tasks_and_timetables(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    assert sorted(entries(plant(tmp_path, files), "Entry points")) == sorted(expected)


CHOICES = {
    "django": (
        {"zoo/models.py": "from django.db import models\nclass Cage(models.Model):\n    class State(models.TextChoices):\n        OPEN = 'open', 'Open'\n        SHUT = 'shut', 'Shut'\n    state = models.CharField(max_length=9, choices=State.choices)\n"},
        ["Cage: table zoo_cage; state: open|shut (zoo/models.py:2)"],
    ),
    "sqlalchemy with an enumeration of another file": (
        {"app/kinds.py": "from enum import StrEnum\nclass Kind(StrEnum):\n    CAT = 'cat'\n    DOG = 'dog'\n",
         "app/models.py": "class Pet(Base):\n    __tablename__ = 'pets'\n    id: Mapped[int] = mapped_column()\n    kind: Mapped[Kind] = mapped_column()\n"},
        ["Pet: table pets; id, kind: cat|dog (app/models.py:1)"],
    ),
    "prisma": (
        {"schema.prisma": "enum Size {\n  SMALL\n  LARGE\n}\nmodel Box {\n  id Int @id\n  size Size\n}\n"},
        ["Box: table Box; id, size: SMALL|LARGE (schema.prisma:5)"],
    ),
    "jpa": (
        {"Status.java": "public enum Status { NEW, PAID(2), VOID; int x; }\n",
         "Bill.java": "@Entity\npublic class Bill {\n  @Id private Long id;\n  @Enumerated\n  private Status status;\n}\n"},
        ["Bill: table bill; id, status: NEW|PAID|VOID (Bill.java:2)"],
    ),
    "sql": (
        {"db/1.sql": "CREATE TYPE mood AS ENUM ('sad', 'glad');\nCREATE TABLE days (\n  id int,\n  mood mood,\n  kind text CHECK (kind IN ('work', 'rest'))\n);\n"},
        ["days: table days; id, mood: sad|glad, kind: work|rest (db/1.sql:2)"],
    ),
    "messages of a shared package": (
        {"packages/shared/src/events.ts": "export const Emptied = z.object({ binId: z.string(), kg: z.number() });\nexport interface Moved {\n  carId: string;\n  at?: Date;\n}\n",
         "svc/events.py": "from pydantic import BaseModel\nclass Paid(BaseModel):\n    order: int\n    at: datetime\n",
         "src/contracts/Shipped.cs": "public record Shipped(Guid OrderId, DateTime At);\n",
         "src/other.ts": "export interface Props { a: string }\n"},
        ["Emptied: message; binId, kg (packages/shared/src/events.ts:1)", "Moved: message; carId, at (packages/shared/src/events.ts:2)",
         "Paid: message; order, at (svc/events.py:2)", "Shipped: message; OrderId, At (src/contracts/Shipped.cs:1)"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "expected"), CHOICES.values(), ids=list(CHOICES))
def test_models_tell_what_a_field_may_hold_and_what_is_sent(
    tmp_path: Path, files: dict[str, str], expected: list[str]
) -> None:
    assert sorted(entries(plant(tmp_path, files), "Models and tables")) == sorted(expected)


NEST = "@Controller('a')\nexport class A {\n  @Get() all() {}\n}\n@Controller({ path: 'b', version: '3' })\nexport class B {\n  @Get() all() {}\n}\n@Controller({ path: 'c', version: VERSION_NEUTRAL })\nexport class C {\n  @Get() all() {}\n}\n"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{ type: VersioningType.URI, defaultVersion: '2' }", ["/api/v2/a", "/api/v3/b", "/api/c"]),
        ("{ type: VersioningType.URI }", ["/api/a", "/api/v3/b", "/api/c"]),
        ("{ type: VersioningType.URI, prefix: 'ver', defaultVersion: ['1', '2'] }", ["/api/ver1/a", "/api/ver3/b", "/api/c"]),
        ("{ type: VersioningType.HEADER, header: 'v', defaultVersion: '2' }", ["/api/a", "/api/b", "/api/c"]),
    ],
)  # fmt: skip
def test_a_version_stands_in_the_path_where_nest_puts_it(tmp_path: Path, said: str, expected: list[str]) -> None:
    main = f"const app = await NestFactory.create(M);\napp.setGlobalPrefix('api');\napp.enableVersioning({said});\n"
    tree = plant(tmp_path, {"src/main.ts": main, "src/a.controller.ts": NEST})
    assert [line.split()[1] for line in entries(tree, "Routes")] == expected


def test_an_excerpt_begins_where_a_definition_does(tmp_path: Path) -> None:
    schema = "model Tram {\n  id Int @id\n  line Int\n}\nmodel Stop {\n  id Int @id\n}\n"
    said = sections(survey(plant(tmp_path, {"schema.prisma": schema}), (), frozenset({"stop"}))[0])
    assert said["Excerpts"] == ["--- schema.prisma:5-7", "  model Stop {", "    id Int @id", "  }"]


def test_public_interfaces_are_methods_of_services_and_exported_functions(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "app/services/orders.py": "class OrderService:\n    def __init__(self): ...\n    def cancel(self, order_id: int, reason: str): ...\n    def _x(self): ...\ndef total(lines): ...\n",
            "app/ports.py": "from typing import Protocol\nclass Clock(Protocol):\n    def now(self): ...\n",
            "src/orders.service.ts": """
                export class OrdersService {
                  constructor(private readonly repo: Repo) {}
                  async cancel(id: string, reason?: string): Promise<void> {
                    if (id) { await this.repo.find(id); }
                  }
                  private hidden() {}
                }
                export const total = (lines: Line[]) => 1;
                """,
            "OrderService.java": """
                public interface OrderService {
                    Order cancel(Long id, @NotNull String reason);
                }
                class OrderServiceImpl implements OrderService {
                    public Order cancel(Long id, String reason) { return helper(id); }
                    private Order helper(Long id) { return null; }
                }
                """,
            "internal/order/service.go": "package order\ntype Service interface {\n\tCancel(ctx context.Context, id int64) error\n}\nfunc (s *OrderService) Refund(ctx context.Context, id, cents int) {}\n",
            "OrderService.cs": "public class OrderService : IOrderService {\n  public async Task<Order> CancelAsync(int id, string reason) { return null; }\n}\n",
            "app/services/refund.rb": "class Refund\n  def initialize(a); end\n  def call(order, cents: 0); end\n  private\n  def x; end\nend\n",
        },
    )
    assert sorted(entries(tree, "Public interfaces")) == sorted(
        [
            "OrderService.cancel(order_id, reason) (app/services/orders.py:3)", "orders.total(lines) (app/services/orders.py:5)",
            "Clock.now() (app/ports.py:3)", "OrdersService.cancel(id, reason) (src/orders.service.ts:3)",
            "orders.total(lines) (src/orders.service.ts:8)", "OrderService.cancel(id, reason) (OrderService.java:2)",
            "OrderServiceImpl.cancel(id, reason) (OrderService.java:5)", "Service.Cancel(ctx, id) (internal/order/service.go:3)",
            "OrderService.Refund(ctx, id, cents) (internal/order/service.go:5)", "OrderService.CancelAsync(id, reason) (OrderService.cs:2)",
            "Refund.call(order, cents) (app/services/refund.rb:3)",
        ]
    )  # fmt: skip


def shop(root: Path) -> Tree:
    files = {}
    for noun in ("order", "customer", "invoice", "shipment"):
        files[f"app/api/{noun}s.py"] = (
            f'from fastapi import APIRouter\nrouter = APIRouter(prefix="/{noun}s")\n\n\n@router.get("/{{id}}")\ndef read_{noun}(id: int): ...\n'
        )
        files[f"app/models/{noun}.py"] = (
            f'class {noun.title()}(Base):\n    __tablename__ = "{noun}s"\n    id = Column(Integer)\n    status = Column(String)\n'
        )
    return plant(root, files)


@pytest.mark.parametrize(
    ("words", "first"), [({"invoices", "billing"}, "invoice"), ({"shipping", "shipments"}, "shipment")]
)
def test_what_the_brief_is_about_comes_first(tmp_path: Path, words: set[str], first: str) -> None:
    text, quoted = survey(shop(tmp_path), (), frozenset(words))
    said = sections(text)
    assert said["Routes"][0] == f"- GET /{first}s/{{id}} -> {first}s.read_{first} (app/api/{first}s.py:6)"
    assert said["Models and tables"][0] == f"- {first.title()}: table {first}s; id, status (app/models/{first}.py:1)"
    assert said["Excerpts"] == [
        f"--- app/api/{first}s.py:2-6", f'  router = APIRouter(prefix="/{first}s")', "", "", '  @router.get("/{id}")', f"  def read_{first}(id: int): ...",
        f"--- app/models/{first}.py:1-4", f"  class {first.title()}(Base):", f'      __tablename__ = "{first}s"', "      id = Column(Integer)",
        "      status = Column(String)",
    ]  # fmt: skip
    assert said["Tree"][0].startswith("- app/api/ 4 files: " + f"{first}s.py")
    assert quoted[f"app/api/{first}s.py"] > quoted["app/api/orders.py"] > 0


def test_without_a_brief_the_digest_still_tells_what_there_is(tmp_path: Path) -> None:
    said = sections(survey(shop(tmp_path), (), frozenset())[0])
    assert [len(said["Routes"]), len(said["Models and tables"]), said["Excerpts"][0]] == [
        4,
        4,
        "--- app/api/customers.py:2-6",
    ]


def test_an_empty_codebase_has_an_empty_digest(tmp_path: Path) -> None:
    assert survey(plant(tmp_path, {}), (), frozenset({"x"})) == ("", {})


def test_statements_are_told_with_the_folder_when_there_are_several_packages(tmp_path: Path) -> None:
    tree = plant(tmp_path, {"api/pyproject.toml": "x\n", "web/package.json": "{}\n"})
    packages = (
        Package("api", (Statement("Framework", "FastAPI 0.115", (Evidence("api/pyproject.toml", 1),)),)),
        Package("web", (Statement("Errors", "errors are raised as AppError", (Evidence("web/package.json", 1),)),)),
    )
    said = sections(survey(tree, packages, frozenset())[0])
    assert said["Stack"] == ["- api: Framework: FastAPI 0.115 (api/pyproject.toml:1)"]
    assert said["Patterns to follow"] == ["- web: errors are raised as AppError (web/package.json:1)"]
    alone = sections(survey(tree, packages[:1], frozenset())[0])
    assert alone["Stack"] == ["- Framework: FastAPI 0.115 (api/pyproject.toml:1)"]


def many(root: Path, count: int) -> Tree:
    files = {f"services/area{n % 40}/api/thing{n}.py": "" for n in range(count)}
    for n, path in enumerate(files):
        files[path] = (
            f'from fastapi import APIRouter\nrouter = APIRouter(prefix="/things{n}")\n'
            + "".join(
                f'@router.get("/{part}/{{id}}")\ndef {part}_{n}(id: int): ...\n' for part in ("alpha", "beta", "gamma")
            )
            + f'class Thing{n}Service:\n    def run(self, item): ...\nclass Thing{n}(Base):\n    __tablename__ = "things{n}"\n    id = Column(Integer)\n'
        )
    files["services/refunds/api/refunds.py"] = (
        'from fastapi import APIRouter\nrouter = APIRouter()\n@router.post("/refunds")\ndef refund(): ...\n'
        'class Refund(Base):\n    __tablename__ = "refunds"\n    id = Column(Integer)\n'
    )
    return plant(root, files)


def test_the_digest_of_a_large_codebase_stays_within_its_budget_and_keeps_what_matters(tmp_path: Path) -> None:
    tree = many(tmp_path, 600)
    for tokens in (BUDGET, 2_000, 300, 40):
        text, quoted = survey(tree, (), frozenset({"refund", "money"}), tokens)
        assert len(text) <= tokens * 3.5
        assert sum(quoted.values()) <= len(text)
    text, _ = survey(tree, (), frozenset({"refund", "money"}))
    said = sections(text)
    assert len(text) > 20_000
    assert said["Routes"][0] == "- POST /refunds -> refunds.refund (services/refunds/api/refunds.py:4)"
    assert said["Models and tables"][0] == "- Refund: table refunds; id (services/refunds/api/refunds.py:5)"
    assert said["Tree"][0] == "- services/refunds/api/ 1 file: refunds.py"
    assert said["Excerpts"][0] == "--- services/refunds/api/refunds.py:1-7"
    kept = len(said["Routes"])
    assert kept > 50
    assert said["Left out"][-1].startswith(f"- {1801 - kept} more routes, ")


def test_the_same_codebase_and_brief_give_the_same_digest(tmp_path: Path) -> None:
    tree = shop(tmp_path)
    assert survey(tree, (), frozenset({"orders", "b", "a"})) == survey(
        Tree.read(tmp_path), (), frozenset({"a", "orders", "b"})
    )


def test_every_line_that_is_named_exists(tmp_path: Path) -> None:
    for at, files in enumerate([*ROUTES.values(), *MODELS.values()]):
        tree = plant(tmp_path / str(at), files[0])
        text, quoted = survey(tree, (), frozenset())
        named = re.findall(r"(?m)^- .* \((.+):(\d+)\)$", text)
        assert named
        for path, line in named:
            assert 1 <= int(line) <= len(tree.text(path).splitlines()), (path, line)
        assert set(quoted) <= set(tree.paths)


def test_secrets_are_redacted_wherever_they_stand(tmp_path: Path) -> None:
    key = "sk-ant-" + "a1" * 20
    tree = plant(
        tmp_path,
        {
            f"keys/{key}.py": f'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/{key}")\ndef x(): ...\n',
            "Dockerfile": f"FROM x\nCMD run --key {key}\n",
        },
    )
    text, _ = survey(tree, (), frozenset())
    assert key not in text
    assert "CMD: run --key [REDACTED:anthropic-key] (Dockerfile:2)" in text


def test_names_and_code_forge_no_entry_and_no_heading(tmp_path: Path) -> None:
    tree = plant(
        tmp_path,
        {
            "app/x\nRoutes\n- GET /forged (a.py:1)\n.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/a\\nLeft out\\n- none")\ndef ok(): ...\n',
            "app/y.py": 'from flask import Flask\napp = Flask(__name__)\n@app.get("/b\u202e\u200b")\ndef seen():\n    """\nLeft out\n- nothing\n--- a.py:1-2\n"""\n',
            "app/z.py": 'from fastapi import FastAPI\napp = FastAPI()\n@app.get("/a\\nLeft out\\n- none")\ndef ok(): ...\n',
            "app/models.py": 'class Order(Base):\n    __tablename__ = "or\\nStack\\n- x"\n    id = Column(Integer)\n',
        },
    )
    text, _ = survey(tree, (), frozenset({"seen"}))
    lines = text.split("\n")
    assert [line for line in lines if line in HEADINGS] == [
        "Entry points",
        "Routes",
        "Models and tables",
        "Tree",
        "Excerpts",
        "Left out",
    ]
    assert "- GET /a\ufffdLeft out\ufffd- none -> z.ok (app/z.py:4)" in lines
    assert not [line for line in lines if line.startswith(("- GET /forged", "- nothing", "- none", "- x"))]
    assert not re.search("[\u202e\u200b]", text)
    assert "- GET /b\ufffd\ufffd -> y.seen (app/y.py:4)" in lines


HOSTILE = {
    "brackets": "(" * 10_000, "closed": ")" * 10_000, "nested": "{" * 5_000 + "}" * 5_000, "chain": "a" + ".b" * 50_000, "minus": "-" * 50_000 + "1",
    "sum": "x = " + "1+" * 20_000 + "1", "quotes": "\"'`" * 10_000, "comments": "/*" * 20_000, "blank lines": "\n" * 100_000, "spaces": " " * 100_000,
    "word": "a" * 100_000, "calls": "app.get('/x', " * 5_000, "routes": "app.get('/x', y);\n" * 5_000, "annotations": "@GetMapping(\"/x\")\n" * 5_000,
    "tables": "CREATE TABLE x (" * 5_000, "classes": "class A:\n  " * 1_000, "blocks": "resources :x do\n" * 2_000, "groups": "r.Group(\"/x\")." * 5_000,
    "scopes": "web::scope(\"/x\").service(" * 4_000, "fun": "fun a() {" * 5_000, "struct": "type A struct {\n gorm.Model\n" * 3_000, "nul": "\0" * 10_000,
    "props": "x: {" * 10_000, "assign": "x = " * 10_000, "escape": 'x = "\\d"\n' * 1_000, "decorators": "@x\n" * 10_000 + "class A {}",
}  # fmt: skip
_HEADS = {
    "py": "from fastapi import FastAPI\napp = FastAPI()\n# Column( class Service(Protocol)\n", "ts": "import { Hono } from 'hono';\nconst app = new Hono();\n// @Entity sequelize mongoose drizzle table( @Controller Service\n",
    "java": "@RestController\n@Entity\nclass OrderService {}\n", "kt": "import io.ktor.x\n@Entity\n// exposed Table Service\n", "cs": "class A { DbSet<B> b; } // Map [Http Service\n",
    "php": "<?php\nRoute::get('/a', 'b');\n// extends Entity Schema::\n", "go": "package main\nimport \"github.com/gin-gonic/gin\"\n// gorm net/http Service\n", "rs": "use axum::Router;\n// table! FromRow trait \n",
    "rb": "# Sinatra Record create_table\n", "sql": "create table a (b int);\n", "prisma": "model A {\n", "graphql": "type Query {\n", "proto": "service A {\n", "yaml": "openapi: 3.0.0\npaths:\n",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_boring_and_quick(tmp_path: Path, name: str) -> None:
    files = {f"services/x.{end}": head + HOSTILE[name] for end, head in _HEADS.items()} | {
        "config/routes.rb": HOSTILE[name]
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    tree = Tree.read(tmp_path)
    start = time.perf_counter()
    text, _ = survey(tree, (), frozenset({"x"}))
    assert len(text) <= BUDGET * 3.5
    assert time.perf_counter() - start < 10


def test_tables_that_never_close_are_read_in_no_time(tmp_path: Path) -> None:
    tree = plant(tmp_path, {"schema.sql": "CREATE TABLE a (\n" * 15_000})
    began = time.process_time()
    survey(tree, (), frozenset())
    assert time.process_time() - began < 5
